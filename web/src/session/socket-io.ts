import type { Socket } from '@parley/client';
import { CloseCode, FrameType, type Person } from '@parley/protocol';
import { io, type Socket as IoSocket } from 'socket.io-client';

const LOST = 1006;

type Fields = Readonly<Record<string, unknown>>;
interface Said {
  readonly type: number;
  readonly ref?: string;
}
/** What a socket tells of: a message, or its end. */
interface Told {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}
type Listener = (event: never) => void;

/** A Socket.IO connection that looks like a WebSocket to the client. */
class SocketIoSocket {
  private readonly listeners = new Map<string, Listener[]>();
  private readonly said = new Map<string, Fields>();
  private self: Person | null = null;
  private isOver = false;

  constructor(private readonly socket: IoSocket) {
    socket.onAny((event: unknown, payload: Fields) => {
      if (!Number.isNaN(Number(event))) this.receive(Number(event), payload);
    });
    socket.on('disconnect', (reason, details) => {
      this.end(reason === 'io server disconnect' ? this.lastCode() : codeIn(details));
    });
    socket.on('connect_error', () => {
      this.end(LOST);
    });
  }

  send(text: string): void {
    const { type, ...fields } = JSON.parse(text) as Said & Fields;
    if (type === FrameType.GroupChat && fields.ref !== undefined) this.said.set(fields.ref, fields);
    this.socket.emit(String(type), fields);
  }

  close(): void {
    this.socket.disconnect();
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  private receive(type: number, payload: Fields): void {
    if (type === FrameType.Error) this.isOver = true;
    if ('self' in payload) this.self = payload['self'] as Person;
    if (type === FrameType.Ack) this.echo(payload);
    const list = type === FrameType.GroupList ? { data: JSON.stringify(payload['data']) } : {};
    this.tell('message', { data: JSON.stringify({ type, ...payload, ...list }) });
  }

  /** What one says does not come back to this kind of connection; the page shows what came back. */
  private echo({ ref, room, id, seq, time }: Fields): void {
    const fields = this.said.get(String(ref));
    if (fields === undefined) return;
    this.said.delete(String(ref));
    const frame = { type: FrameType.GroupChat, user: this.self, data: fields['data'] };
    this.tell('message', { data: JSON.stringify({ ...frame, room, id, seq, time }) });
  }

  private lastCode(): number {
    return this.isOver ? CloseCode.Unauthorized : CloseCode.PolicyViolation;
  }

  private end(code: number): void {
    this.tell('close', { code, reason: '' });
  }

  private tell(type: string, event: Told): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event as never);
  }
}

/** @param url as for a WebSocket to `/chat`, with a ticket */
export function openSocketIo(url: string): Socket {
  const { host, pathname, protocol, searchParams } = new URL(url);
  const auth = { ticket: searchParams.get('ticket'), resume: searchParams.get('resume') };
  const origin = `${protocol.replace('ws', 'http')}//${host}`;
  const path = pathname.replace(/\/chat$/, '/socket.io');
  return new SocketIoSocket(io(origin, { path, auth, forceNew: true, reconnection: false }));
}

/** Over a WebSocket the close codes are those of the protocol. */
function codeIn(details: unknown): number {
  const { context } = Object(details) as { readonly context?: { readonly code?: unknown } };
  return typeof context?.code === 'number' ? context.code : LOST;
}
