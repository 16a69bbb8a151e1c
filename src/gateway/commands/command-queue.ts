import type { Command } from '../wire/command.js';
import type { Connection } from '../connections/connection.js';
import type { FrameReceiver } from '../connections/frame-receiver.js';
import { ConcurrentLane } from './concurrent-lane.js';

/** Frames, and their characters, that may be queued before the socket is paused. */
const PAUSE_AT_FRAMES = 64;
const PAUSE_AT_LENGTH = 128 * 1024;

/** What to do with a connection's frames. */
export interface FrameHandling {
  /** Resolves when the frame's place in the order is fixed; its answer may come later. */
  readonly handle: (command: Command) => Promise<unknown>;
  /** Whether later frames need not wait for it. */
  readonly isConcurrent: (command: Command) => boolean;
  /** @param command null where the text was none */
  readonly refuse: (error: unknown, command: Command | null) => void;
}

/**
 * Handles one connection's frames one at a time, in order of arrival. Further frames are queued
 * here, and beyond a bound in the client's socket (backpressure).
 *
 * A concurrent command has its place in this order, too, but does not block what comes after it (no
 * head-of-line blocking), unless that is concurrent as well (see {@link ConcurrentLane}).
 */
export class CommandQueue implements FrameReceiver {
  private waiting: string[] | null = null;
  private length = 0;
  private lane: ConcurrentLane | null = null;
  private busy = false;
  private paused = false;

  constructor(
    private readonly connection: Connection,
    private readonly handling: FrameHandling,
  ) {}

  /** A character takes at most two bytes. */
  get waitingBytes(): number {
    return (this.length + (this.lane?.length ?? 0)) * 2;
  }

  receive(text: string): void {
    if (!this.connection.open) return;
    if (!this.busy) {
      void this.work(text);
      return;
    }
    (this.waiting ??= []).push(text);
    this.length += text.length;
    if (this.waiting.length >= PAUSE_AT_FRAMES || this.length >= PAUSE_AT_LENGTH) {
      this.paused = true;
      this.connection.channel.pause();
    }
  }

  private async work(first: string): Promise<void> {
    this.busy = true;
    await this.connection.ready;
    for (let text: string | undefined = first; text !== undefined; text = this.next()) {
      let command: Command | null = null;
      try {
        command = this.connection.decode(text);
        if (this.handling.isConcurrent(command)) await this.addToLane(command, text.length);
        else await this.handling.handle(command);
      } catch (error) {
        this.handling.refuse(error, command);
      }
    }
    this.busy = false;
  }

  /** Resolves when the next frame may be handled. */
  private addToLane(command: Command, length: number): Promise<void> {
    this.lane ??= new ConcurrentLane(
      (next) => this.handleConcurrently(next),
      () => this.connection.open,
    );
    return this.lane.add(command, length);
  }

  private async handleConcurrently(command: Command): Promise<void> {
    try {
      await this.handling.handle(command);
    } catch (error) {
      this.handling.refuse(error, command);
    }
  }

  private next(): string | undefined {
    if (!this.connection.open) this.waiting = null;
    const text = this.waiting?.shift();
    if (text === undefined) {
      this.waiting = null;
      this.length = 0;
    } else {
      this.length -= text.length;
    }
    if (this.paused && (this.waiting?.length ?? 0) === 0) {
      this.paused = false;
      this.connection.channel.resume();
    }
    return text;
  }
}
