import type { Command } from '../wire/command.js';

/** Commands of one connection that may wait for the one in progress. */
export const MOST_WAITING = 4;

interface Waiting {
  readonly command: Command;
  readonly length: number;
}

/** Runs the concurrent commands of one connection, one at a time, in order. */
export class ConcurrentLane {
  private readonly waiting: Waiting[] = [];
  private busy = false;
  private whenRoom: (() => void) | null = null;
  /** Characters of the frames held here. */
  length = 0;

  /**
   * @param handle never rejects
   * @param isOpen whether the connection is still open
   */
  constructor(
    private readonly handle: (command: Command) => Promise<void>,
    private readonly isOpen: () => boolean,
  ) {}

  /**
   * Resolves when the command has started, or is queued. Must not be called again before: that
   * bounds the queue.
   * @param length characters of its frame
   */
  async add(command: Command, length: number): Promise<void> {
    this.length += length;
    if (this.waiting.length >= MOST_WAITING) {
      await new Promise<void>((resolve) => (this.whenRoom = resolve));
    }
    if (this.busy) this.waiting.push({ command, length });
    else void this.work({ command, length });
  }

  private async work(first: Waiting): Promise<void> {
    this.busy = true;
    for (let next: Waiting | undefined = first; next !== undefined; next = this.waiting.shift()) {
      this.whenRoom?.();
      this.whenRoom = null;
      if (this.isOpen()) await this.handle(next.command);
      this.length -= next.length;
    }
    this.busy = false;
  }
}
