import type { ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { WebSocket } from 'ws';
import type { Clock } from '../../../kernel/clock.js';
import type { Scheduler } from '../../../kernel/scheduler.js';
import { Refusal } from '../../../kernel/refusal.js';
import type { Channel } from '../../wire/channel.js';
import { type CloseFrame, invitesBack } from '../../wire/close-codes.js';
import { SOCKET_BOUNDS } from '../../wire/socket-bounds.js';
import { DirectWriter } from '../../wire/direct-writer.js';
import { frameText } from '../../wire/framing.js';
import type { Pulse } from '../../connections/heartbeat.js';
import { Attachments } from './attachments.js';
import {
  boundGoodbye,
  type EngineConnection,
  isHoldingBack,
  isPolled,
  onPoll,
  sendPayload,
  tcpSocketOf,
  webSocketOf,
  whenPolled,
} from './engine-inside.js';
import { payloadOf } from './packet-format.js';
import { PollAnswers } from './poll-answers.js';
import { Pongs } from './pongs.js';

const PING = frameText('2');
/** Engine.IO's `message` with Socket.IO's `DISCONNECT`: the client will not reconnect. */
const DISCONNECT = frameText('41');

/** How long a session that Engine.IO ends waits for a poll to say goodbye on. */
const GOODBYE_MS = 2_000;

/**
 * A client's Engine.IO session. Over a WebSocket, encoded frames go straight to the TCP socket; for
 * long polling, and while Engine.IO still buffers something, they are queued here by reference:
 * bytes shared by many sessions are in memory once.
 */
export class SocketIoChannel implements Channel, Pulse {
  readonly pongs: Pongs;
  private hasShownLife = true;
  private isHeld = false;
  private webSocket: WebSocket | null = null;
  private tcp: TcpSocket | null = null;
  private writer: DirectWriter | null = null;
  /** Encoded frames not polled yet, and their bytes. */
  private queue: Buffer[] = [];
  private queueLength = 0;
  /** Bytes sent as answers to polls. */
  private polledBytes = 0;
  private readonly answers = new PollAnswers();
  private whenEmpty: (() => void)[] = [];
  private whenReadable: (() => void)[] = [];

  constructor(
    private readonly connection: EngineConnection,
    clock: Clock,
    private readonly scheduler: Scheduler,
  ) {
    this.pongs = new Pongs(clock);
    const attachments = new Attachments();
    this.attach();
    connection.on('upgrade', () => {
      this.attach();
    });
    connection.on('packet', () => (this.hasShownLife = true));
    connection.on('data', (packet: unknown) => {
      if (!attachments.take(packet) && isFrame(packet)) this.pongs.frameArrived();
    });
    connection.on('heartbeat', () => {
      this.pongs.take();
    });
    connection.on('drain', () => {
      this.flush();
    });
    connection.once('close', () => {
      this.empty();
      this.resume();
    });
  }

  get isAlive(): boolean {
    return this.hasShownLife;
  }

  get isPaused(): boolean {
    return this.isHeld;
  }

  get queuedBytes(): number {
    return this.queueLength + this.answers.unreadBytes + (this.writer?.queuedBytes ?? 0);
  }

  /** Its packets come by requests, each of which waits for the answer to the one before. */
  get isPolling(): boolean {
    return this.webSocket === null;
  }

  get takenBytes(): number {
    const written = this.polledBytes + (this.tcp?.bytesWritten ?? 0);
    return written - this.answers.unreadBytes - (this.writer?.queuedBytes ?? 0);
  }

  write(bytes: Buffer): void {
    if (this.queueLength === 0 && this.writer !== null && !isHoldingBack(this.connection)) {
      this.writeToSocket(this.writer, bytes);
      return;
    }
    if (this.connection.readyState !== 'open') return;
    this.queue.push(bytes);
    this.queueLength += bytes.length;
    this.flush();
  }

  async drained(): Promise<void> {
    if (this.queueLength > 0) await new Promise<void>((resolve) => this.whenEmpty.push(resolve));
    await this.writer?.drained();
  }

  pause(): void {
    this.isHeld = true;
    this.webSocket?.pause();
  }

  resume(): void {
    // Its pongs were queued behind what was not read.
    this.hasShownLife = true;
    this.isHeld = false;
    this.webSocket?.resume();
    for (const go of this.whenReadable.splice(0)) go();
  }

  /**
   * Backpressure for a client of long polling, whose socket cannot be paused: resolves when more
   * may be read; null where it may be now. A second waiting request ends the session, as a second
   * concurrent one does: a client sends one after the other.
   * @throws Refusal `bad-request` where one waits already
   */
  waitToPost(): Promise<void> | null {
    if (!this.isPaused) return null;
    if (this.whenReadable.length > 0) {
      this.terminate();
      throw new Refusal('bad-request');
    }
    return new Promise((resolve) => this.whenReadable.push(resolve));
  }

  /** The same for a poll, until the client has taken the previous answer. */
  waitToPoll(): Promise<void> | null {
    try {
      return this.answers.wait();
    } catch (error) {
      this.terminate();
      throw error;
    }
  }

  /** The response of the poll that is about to be handed to Engine.IO. */
  answerWith(response: ServerResponse): void {
    this.answers.answerWith(response);
  }

  close(why: CloseFrame): void {
    if (!invitesBack(why)) this.write(DISCONNECT);
    if (this.webSocket !== null) this.webSocket.close(why.code, why.reason);
    else this.hangUp();
  }

  /**
   * Ends the session once its client has what is queued. Engine.IO would wait half a minute for the
   * next poll.
   */
  hangUp(): void {
    if (this.webSocket !== null) {
      this.connection.close();
      return;
    }
    const cut = this.scheduler.after(SOCKET_BOUNDS.closeTimeout, () => {
      this.terminate();
    });
    this.connection.once('close', () => {
      this.scheduler.cancel(cut);
    });
    whenPolled(this.connection, () => {
      this.connection.close();
    });
  }

  terminate(): void {
    this.answers.abandon();
    if (this.webSocket !== null) this.webSocket.terminate();
    else this.connection.close(true);
  }

  ping(): void {
    this.hasShownLife = false;
    this.write(this.expectPong(null));
  }

  /**
   * @param come called when the pong has come and all frames before it are taken
   * @returns a ping, to be written
   */
  expectPong(come: ((at: number) => void) | null): Buffer {
    this.pongs.expect(come);
    return PING;
  }

  /** Follows the session from long polling to its WebSocket. */
  private attach(): void {
    const webSocket = webSocketOf(this.connection);
    if (webSocket === null) {
      boundGoodbye(this.connection, GOODBYE_MS);
      onPoll(this.connection, () => {
        this.flush();
      });
      return;
    }
    this.webSocket = webSocket;
    this.tcp = tcpSocketOf(webSocket);
    this.writer = new DirectWriter(this.tcp);
    if (this.isPaused) webSocket.pause();
    this.flush();
  }

  /** Passes on what is queued, if it can go out now. */
  private flush(): void {
    const { writer, connection, queue } = this;
    if (this.queueLength === 0) return;
    if (writer === null) {
      if (!isPolled(connection)) return;
      this.polledBytes += this.queueLength;
      this.empty();
      sendPayload(connection, payloadOf(queue));
    } else if (!isHoldingBack(connection)) {
      this.empty();
      for (const bytes of queue) this.writeToSocket(writer, bytes);
    }
  }

  private empty(): void {
    this.queue = [];
    this.queueLength = 0;
    for (const go of this.whenEmpty.splice(0)) go();
  }

  private writeToSocket(writer: DirectWriter, bytes: Buffer): void {
    if (this.webSocket?.readyState === WebSocket.OPEN) writer.write(bytes);
  }
}

/** Whether it is for the connection, and not for the `socket.io` server. */
function isFrame(packet: unknown): boolean {
  return typeof packet !== 'string' || !/^[01]/.test(packet);
}
