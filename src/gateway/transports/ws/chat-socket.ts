import { type RawData, WebSocket } from 'ws';
import { Refusal } from '../../../kernel/refusal.js';
import type { RejectFilter } from '../../commands/reject.filter.js';
import type { Connection } from '../../connections/connection.js';
import type { Pulse } from '../../connections/heartbeat.js';
import { type CloseFrame, DO_NOT_RECONNECT } from '../../wire/close-codes.js';
import type { OutgoingFrame } from '../../wire/frames.js';
import { PING_FRAME } from '../../wire/framing.js';

/** A WebSocket that knows its connection: listeners are shared by all sockets. */
export class ChatSocket extends WebSocket implements Pulse {
  private connection: Connection | null = null;
  private filter: RejectFilter | null = null;
  private stopPings: (() => void) | null = null;
  private hasShownLife = true;

  get isAlive(): boolean {
    return this.hasShownLife;
  }

  get queuedBytes(): number {
    return this.connection?.channel.queuedBytes ?? 0;
  }

  get takenBytes(): number {
    return this.connection?.channel.takenBytes ?? 0;
  }

  /**
   * Passes on what comes, from here on.
   * @param filter refuses what is no text
   * @param stopPings called when the socket is gone
   */
  serve(connection: Connection, filter: RejectFilter, stopPings: () => void): void {
    this.connection = connection;
    this.filter = filter;
    this.stopPings = stopPings;
    this.on('message', onMessage);
    this.on('pong', onPong);
    this.on('error', onError);
    this.on('close', onClose);
  }

  /**
   * Says why the client gets no connection, and closes.
   * @param why null where the client shall come back: an Error frame would end its session
   */
  dismiss(why: OutgoingFrame | null, { code, reason }: CloseFrame): void {
    this.on('error', onError);
    if (why !== null) this.send(JSON.stringify(why));
    this.close(code, reason);
  }

  override ping(): void {
    this.hasShownLife = false;
    this.connection?.channel.write(PING_FRAME);
  }

  showLife(): void {
    this.hasShownLife = true;
  }

  take(data: RawData, isBinary: boolean): void {
    this.hasShownLife = true;
    if (this.connection === null) return;
    if (isBinary) {
      this.filter?.refuseUnhandled(this.connection, new Refusal('not-text'), null, null);
    } else {
      this.connection.receive((data as Buffer).toString('utf8'));
    }
  }

  /** ws has answered an invalid frame with the matching close code; the close event follows. */
  fail(error: Error): void {
    this.connection?.broken(closeCodeOf(error));
  }

  end(code: number): void {
    this.stopPings?.();
    this.connection?.gone(code);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (this instanceof ChatSocket) this.take(data, isBinary);
}

function onPong(this: WebSocket): void {
  if (this instanceof ChatSocket) this.showLife();
}

function onError(this: WebSocket, error: Error): void {
  if (this instanceof ChatSocket) this.fail(error);
}

function onClose(this: WebSocket, code: number): void {
  if (this instanceof ChatSocket) this.end(code);
}

/** ws does not expose the code it answered with; null where the network failed. */
function closeCodeOf(error: Error): number | null {
  const code = 'code' in error ? String(error.code) : '';
  if (!code.startsWith('WS_ERR_')) return null;
  if (code === 'WS_ERR_INVALID_UTF8') return 1007;
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return DO_NOT_RECONNECT.policy.code;
  return /^WS_ERR_UNSUPPORTED_\w+_LENGTH$/.test(code) ? 1009 : 1002;
}
