import { EventEmitter } from 'node:events';

/** Socket.IO's packet types (protocol 5), of which these concern this service. */
const PacketType = { connect: 0, disconnect: 1, event: 2, connectError: 4 } as const;

const MAIN = '/';
const FOREIGN = /^0(\/[\w-]{1,64})(?:,|$)/;
/** Other namespaces that one client may ask for in vain. */
const MOST_FOREIGN = 8;

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
  encode({ type, nsp, data }: Packet): readonly string[] {
    const namespace = nsp === MAIN ? '' : `${nsp},`;
    return [`${type}${namespace}${data === undefined ? '' : JSON.stringify(data)}`];
  }
}

/**
 * Reads packets just so far as the `socket.io` server needs: who connects and who leaves. Whatever
 * else comes is handed on as it is, so that all frames, whatever the transport, are read by one
 * codec and refused in one way.
 */
export class PacketDecoder extends EventEmitter {
  private connected = false;
  private foreign = 0;

  /** @throws Error where the packet ends the connection */
  add(packet: unknown): void {
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
