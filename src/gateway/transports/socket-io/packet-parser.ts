import { EventEmitter } from 'node:events';
import { Refusal } from '../../../kernel/refusal.js';
import type { Locale } from '../../../kernel/locale/texts.js';
import { rejectFrame } from '../../wire/reject-frame.js';
import { Attachments } from './attachments.js';

/** The packet types of Socket.IO's protocol 5 that concern this service. */
const PacketType = { connect: 0, disconnect: 1, event: 2, connectError: 4 } as const;

const MAIN = '/';
/** A foreign namespace: a client whose CONNECT has no answer retries for ever. */
const FOREIGN = /^0(\/[^,]{1,512})(?:,|$)/;
/** Foreign namespaces that one client may ask for. */
const MOST_FOREIGN = 5;

/** The event under which the `socket.io` server passes on undecoded packets. */
export const FRAME = 'frame';

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: unknown;
}

/** Encodes the `socket.io` server's own packets; events and acknowledgements are not among them. */
export class PacketEncoder {
  constructor(private readonly locale: Locale) {}

  encode({ type, nsp, data }: Packet): readonly string[] {
    if (nsp === MAIN) return [`${type}${textOf(data)}`];
    if (type !== PacketType.connectError) return [`${type}${nsp},${textOf(data)}`];
    const refusal = new Refusal('unknown-namespace');
    const { type: _type, ...reject } = rejectFrame(refusal, this.locale, null);
    const error = { message: 'Invalid namespace', data: reject };
    // Clients of Socket.IO 3 go on trying until they are disconnected.
    return [`${PacketType.connectError}${nsp},${textOf(error)}`, `${PacketType.disconnect}${nsp},`];
  }
}

function textOf(data: unknown): string {
  return data === undefined ? '' : JSON.stringify(data);
}

/**
 * Decodes packets only as far as the `socket.io` server needs: who connects and who leaves.
 * Everything else is passed on as it is, so that the frames of all transports are read by one codec
 * and refused in one way.
 */
export class PacketDecoder extends EventEmitter {
  private connected = false;
  private foreign = 0;
  private readonly attachments = new Attachments();

  /** @throws Error where the packet ends the connection */
  add(packet: unknown): void {
    if (this.attachments.take(packet)) return;
    const text = typeof packet === 'string' ? packet : '';
    if (text.startsWith('0')) this.emit('decoded', this.connect(text));
    else if (text === '1') this.emit('decoded', { type: PacketType.disconnect, nsp: MAIN });
    else this.emit('decoded', { type: PacketType.event, nsp: MAIN, data: [FRAME, text] });
  }

  /** There is no state between packets. */
  destroy(): void {
    this.removeAllListeners();
  }

  /** One CONNECT per client: a second one, while the first is pending, would be a second person. */
  private connect(text: string): Packet {
    if (text.startsWith('0/')) return this.connectElsewhere(text);
    if (this.connected) throw new Error('connected already');
    this.connected = true;
    return { type: PacketType.connect, nsp: MAIN, data: payloadOf(text.slice(1)) };
  }

  private connectElsewhere(text: string): Packet {
    const namespace = FOREIGN.exec(text)?.[1];
    if (namespace === undefined || ++this.foreign > MOST_FOREIGN) {
      throw new Error('no such namespace');
    }
    return { type: PacketType.connect, nsp: namespace, data: {} };
  }
}

/** @throws Error where it is no JSON object */
function payloadOf(text: string): object {
  if (text === '') return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('no payload');
  }
  return value;
}
