import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Channel } from '../../channel.js';
import type { CloseCode } from '../../close-codes.js';

const NOTHING = Buffer.alloc(0);

/**
 * A native WebSocket. Frames that are encoded already go straight to the TCP socket; that cannot
 * interleave with what ws writes itself (pong, close), because without permessage-deflate ws
 * writes each frame at once, too.
 */
export class WsChannel implements Channel {
  constructor(
    private readonly webSocket: WebSocket,
    private readonly socket: Socket,
  ) {}

  get queuedBytes(): number {
    return this.socket.writableLength;
  }

  write(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  drained(): Promise<void> {
    if (this.socket.writableLength === 0 || !this.socket.writable) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.write(NOTHING, () => {
        resolve();
      });
    });
  }

  pause(): void {
    this.webSocket.pause();
  }

  resume(): void {
    this.webSocket.resume();
  }

  close({ code, reason }: CloseCode): void {
    this.webSocket.close(code, reason);
  }

  terminate(): void {
    this.webSocket.terminate();
  }
}
