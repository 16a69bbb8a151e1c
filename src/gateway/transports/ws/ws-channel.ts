import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Channel } from '../../wire/channel.js';
import type { CloseFrame } from '../../wire/close-codes.js';
import { DirectWriter } from '../../wire/direct-writer.js';

/**
 * A native WebSocket. Encoded frames go straight to the TCP socket; that cannot interleave with
 * ws's own writes (pong, close), because without permessage-deflate ws also writes each frame at
 * once.
 */
export class WsChannel extends DirectWriter implements Channel {
  constructor(
    private readonly webSocket: WebSocket,
    private readonly tcp: Socket,
  ) {
    super(tcp);
  }

  get takenBytes(): number {
    return this.tcp.bytesWritten - this.queuedBytes;
  }

  /** Nothing may follow a Close, which ws may have answered by itself (RFC 6455, 5.5.1). */
  override write(bytes: Buffer): void {
    if (this.webSocket.readyState === WebSocket.OPEN) super.write(bytes);
  }

  pause(): void {
    this.webSocket.pause();
  }

  resume(): void {
    this.webSocket.resume();
  }

  close({ code, reason }: CloseFrame): void {
    this.webSocket.close(code, reason);
  }

  terminate(): void {
    this.webSocket.terminate();
  }
}
