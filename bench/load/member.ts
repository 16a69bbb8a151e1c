import { connect, type Socket } from 'node:net';
import type { Pass, Peer } from '../peers/peer.js';
import { arena, endOf, landing, prepend } from './arena.js';
import { clientFrame, Opcode, walkFrames, type FrameSink } from './frames.js';
import { upgradeRequest, upgradeStatus } from './upgrade.js';
import { findTag, isTag, isText, numberAt, TAG_BYTES } from './tag.js';
import { Tally } from './tally.js';

const OPENING_TIMEOUT_MS = 20_000;

/** Hears what members receive. Times are of `performance.now()`. */
export interface Witness {
  onText(member: Member, number: number, now: number): void;
  onRef(member: Member, number: number, now: number): void;
  /** A frame without a tag. @param head its first characters */
  onOther?(member: Member, head: string, now: number): void;
  /** All frames of one read have been reported. */
  onRead(now: number): void;
}

/**
 * One WebSocket connection of the load client. It reads into the shared buffer, walks the frames by
 * their headers, and reads each tag at the previous one's offset; only where none is there it
 * searches.
 */
export class Member implements FrameSink {
  readonly received = new Tally();
  witness: Witness | null = null;
  /** The server, or the network, ended the connection. */
  lost = false;
  /** The server's close code; 0 where there was none. */
  closeCode = 0;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly gone: Promise<void>;
  private readonly socket: Socket;
  private stage: 'upgrading' | 'greeting' | 'ready' | 'left' = 'upgrading';
  private tail: Buffer | null = null;
  private outbox: Buffer[] = [];
  private tagDistance = 0;
  private now = 0;
  private settle: (fault: Error | null) => void = () => undefined;

  private constructor(
    private readonly peer: Peer,
    readonly pass: Pass,
    port: number,
    readonly isSampled: boolean,
  ) {
    this.socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: landing, callback: (count) => this.onBytes(count) },
    });
    this.socket.once('connect', () => this.socket.write(upgradeRequest(peer.upgrade(pass), port)));
    this.socket.on('error', () => undefined);
    this.gone = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.onEnd();
        resolve();
      });
    });
  }

  /** @returns a member that is ready to send and receive */
  static async open(peer: Peer, pass: Pass, port: number, isSampled = false): Promise<Member> {
    const member = new Member(peer, pass, port, isSampled);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        member.settle(new Error('a connection did not open in time'));
      }, OPENING_TIMEOUT_MS);
      member.settle = (fault) => {
        clearTimeout(timer);
        if (fault) reject(fault);
        else resolve();
      };
    });
    return member;
  }

  get bytesRead(): number {
    return this.socket.bytesRead;
  }

  /** Sends; calls within one turn share one write. */
  send(payload: string): void {
    if (this.outbox.length === 0) {
      queueMicrotask(() => {
        this.flush();
      });
    }
    this.outbox.push(clientFrame(payload));
  }

  /** Stops reading until {@link Member.resume}: what comes piles up on its way. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Ends the connection by a reset, which leaves no port in TIME_WAIT. */
  leave(): void {
    this.stage = 'left';
    this.socket.resetAndDestroy();
  }

  onFrame(bytes: Uint8Array, start: number, end: number, opcode: number): void {
    if (opcode > Opcode.binary) {
      this.onControl(bytes.subarray(start, end), opcode);
      return;
    }
    if (this.stage !== 'ready') {
      this.onGreeting(textOf(bytes, start, end));
      return;
    }
    let from = start;
    do {
      let at = from + this.tagDistance;
      if (at + TAG_BYTES > end || !isTag(bytes, at)) {
        at = findTag(bytes, from, end);
        if (at === -1) {
          if (from === start) this.onOther(bytes, start, end);
          return;
        }
        this.tagDistance = at - from;
      }
      const number = numberAt(bytes, at);
      if (isText(bytes, at)) this.witness?.onText(this, number, this.now);
      else this.witness?.onRef(this, number, this.now);
      from = at + TAG_BYTES;
    } while (this.peer.joinsMessages === true && from < end);
  }

  private onBytes(count: number): boolean {
    this.now = performance.now();
    const start = prepend(this.tail);
    const end = endOf(count);
    const rest =
      this.stage === 'upgrading' ? this.onUpgrade(start, end) : walkFrames(arena, start, end, this);
    this.tail = rest === end ? null : Buffer.from(arena.subarray(rest, end));
    this.witness?.onRead(this.now);
    return true;
  }

  private onUpgrade(start: number, end: number): number {
    const answer = arena.subarray(start, end);
    const bodyAt = answer.indexOf('\r\n\r\n') + 4;
    if (bodyAt === 3) return start;
    const status = upgradeStatus(answer);
    if (status !== 101) {
      this.settle(new Error(`the upgrade was answered with ${status}`));
      return end;
    }
    this.stage = 'greeting';
    if (!this.peer.greet) this.onReady();
    return walkFrames(arena, start + bodyAt, end, this);
  }

  private onGreeting(frame: string): void {
    const next = this.peer.greet?.(frame, this.pass) ?? 'ready';
    if (next === 'ready') this.onReady();
    else if (next !== 'wait') this.send(next.answer);
  }

  private onReady(): void {
    this.stage = 'ready';
    this.settle(null);
  }

  private onControl(payload: Uint8Array, opcode: number): void {
    if (opcode === Opcode.ping) this.socket.write(clientFrame(payload, Opcode.pong));
    if (opcode !== Opcode.close) return;
    this.closeCode = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    this.socket.end();
  }

  private onOther(bytes: Uint8Array, start: number, end: number): void {
    const head = textOf(bytes, start, Math.min(end, start + 16));
    const answer = this.peer.heartbeat?.(head);
    if (typeof answer === 'string') this.send(answer);
    this.witness?.onOther?.(this, head, this.now);
  }

  private onEnd(): void {
    this.settle(new Error('a connection was closed while it was being opened'));
    this.lost = this.stage !== 'left';
  }

  private flush(): void {
    const frames = this.outbox;
    this.outbox = [];
    this.socket.write(Buffer.concat(frames));
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}
