import { WebSocket } from 'ws';
import type { Channel } from '../../channel.js';
import { type CloseCode, invitesBack } from '../../close-codes.js';
import { SOCKET_BOUNDS } from '../ws/bounds.js';
import { DirectWriter } from '../ws/direct-writer.js';
import { frameText } from '../ws/framing.js';
import type { Pulse } from '../ws/heartbeat.js';
import {
  type EngineConnection,
  isHoldingBack,
  ping,
  tcpSocketOf,
  webSocketOf,
  whenPolled,
} from './engine-inside.js';
import { textsOf } from './packet-format.js';

const PING = frameText('2');
/** Pongs that are waited for; a client that owes more has given up its claim to them. */
const MOST_PONGS = 1_000;
/** Engine.IO's `message` with Socket.IO's `DISCONNECT`: a client that gets it stays away. */
const DISCONNECT = frameText('41');

/**
 * A client's Engine.IO session. Over a WebSocket, frames that are encoded already go straight to
 * the TCP socket; over long polling, and while Engine.IO still holds something back, they go
 * through Engine.IO as packets.
 */
export class SocketIoChannel implements Channel, Pulse {
  alive = true;
  /** Its client was let in. */
  isKnown = false;
  isPaused = false;
  private webSocket: WebSocket | null = null;
  private writer: DirectWriter | null = null;
  /** Bytes that Engine.IO holds for the client's next poll. */
  private held = 0;
  private whenReadable: (() => void)[] = [];
  /** What each pong that is to come means, in order. */
  private readonly pongs: ((() => void) | null)[] = [];
  /** Frames (null) that are not handled yet, and pongs that came behind them. */
  private readonly arrived: ((() => void) | null)[] = [];

  constructor(private readonly connection: EngineConnection) {
    this.attach();
    connection.on('upgrade', () => {
      this.attach();
    });
    connection.on('packet', () => (this.alive = true));
    connection.on('data', (packet: unknown) => {
      if (isFrame(packet)) this.arrived.push(null);
    });
    connection.on('heartbeat', () => {
      this.takePong();
    });
    connection.on('flush', () => (this.held = 0));
    connection.once('close', () => {
      this.resume();
    });
  }

  get queuedBytes(): number {
    return this.held + (this.writer?.queuedBytes ?? 0);
  }

  write(bytes: Buffer): void {
    if (this.writer === null || isHoldingBack(this.connection)) this.writePackets(bytes);
    else if (this.webSocket?.readyState === WebSocket.OPEN) this.writer.write(bytes);
  }

  drained(): Promise<void> {
    if (this.writer !== null) return this.writer.drained();
    if (this.held === 0 || this.connection.readyState !== 'open') return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.connection.off('flush', done);
        this.connection.off('close', done);
        resolve();
      };
      this.connection.on('flush', done);
      this.connection.on('close', done);
    });
  }

  pause(): void {
    this.isPaused = true;
    this.webSocket?.pause();
  }

  resume(): void {
    // Its pongs waited behind what was not read.
    this.alive = true;
    this.isPaused = false;
    this.webSocket?.resume();
    for (const go of this.whenReadable.splice(0)) go();
  }

  /** Resolves when more may be read of the client. For requests, which no socket holds back. */
  readable(): Promise<void> {
    if (!this.isPaused) return Promise.resolve();
    return new Promise((resolve) => this.whenReadable.push(resolve));
  }

  close(why: CloseCode): void {
    if (!invitesBack(why)) this.write(DISCONNECT);
    if (this.webSocket !== null) this.webSocket.close(why.code, why.reason);
    else this.hangUp();
  }

  /**
   * Ends the session when its client has what waits for it. Engine.IO would wait for the next poll
   * for half a minute, and could not be told otherwise.
   */
  hangUp(): void {
    if (this.webSocket !== null) {
      this.connection.close();
      return;
    }
    const cut = setTimeout(() => {
      this.terminate();
    }, SOCKET_BOUNDS.closeTimeout).unref();
    this.connection.once('close', () => {
      clearTimeout(cut);
    });
    whenPolled(this.connection, () => {
      this.connection.close();
    });
  }

  terminate(): void {
    if (this.webSocket !== null) this.webSocket.terminate();
    else this.connection.close(true);
  }

  ping(): void {
    this.write(this.expectPong(null));
  }

  /**
   * @param come called when the pong is there and all frames before it have been taken
   * @returns a ping, to be written
   */
  expectPong(come: (() => void) | null): Buffer {
    if (this.pongs.length >= MOST_PONGS) this.takePong();
    this.pongs.push(come);
    return PING;
  }

  /** A frame is about to be handled: what came before it counts. */
  takeFrame(): void {
    for (let next = this.arrived.shift(); next; next = this.arrived.shift()) next();
  }

  private takePong(): void {
    const come = this.pongs.shift();
    if (!come) return;
    if (this.arrived.length === 0) come();
    else this.arrived.push(come);
  }

  /** Follows the session from long polling to its WebSocket. */
  private attach(): void {
    const webSocket = webSocketOf(this.connection);
    if (webSocket === null) return;
    this.webSocket = webSocket;
    this.writer = new DirectWriter(tcpSocketOf(webSocket));
    this.held = 0;
    if (this.isPaused) webSocket.pause();
  }

  private writePackets(bytes: Buffer): void {
    for (const packet of textsOf(bytes)) {
      if (packet === '2') {
        ping(this.connection);
        continue;
      }
      this.held += packet.length;
      // Engine.IO puts its own mark in front.
      this.connection.write(packet.slice(1));
    }
  }
}

/** Whether it is for the connection, and not for the `socket.io` server. */
function isFrame(packet: unknown): boolean {
  return typeof packet !== 'string' || !/^[01]/.test(packet);
}
