import { EventEmitter } from 'node:events';
import { Refusal } from '../../../kernel/refusal.js';
import type { Locale } from '../../../kernel/locale/texts.js';
import { rejectFrame } from '../../wire/reject-frame.js';
import { Attachments } from './attachments.js';

/** Socket.IO's packet types (protocol 5), of which these concern this service. */
const PacketType = { connect: 0, disconnect: 1, event: 2, connectError: 4 } as const;

const MAIN = '/';
/** Whatever its name is: a client whose CONNECT has no answer comes back for ever. */
const FOREIGN = /^0(\/[^,]{1,512})(?:,|$)/;
/** Other namespaces that one client may ask for in vain. */
const MOST_FOREIGN = 5;

/** Under this name the `socket.io` server hands over what is not for itself, undecoded. */
export const FRAME = 'frame';

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: unknown;
}

/** Writes what the `socket.io` server itself has to say. Events and their answers are not among it. */
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
 * Reads packets just so far as the `socket.io` server needs: who connects and who leaves. Whatever
 * else comes is handed on as it is, so that all frames, whatever the transport, are read by one
 * codec and refused in one way.
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

  /** Nothing is kept between two packets. */
  destroy(): void {
    this.removeAllListeners();
  }

  /** A client connects once: a second one, while the first is looked at, would be a second person. */
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
