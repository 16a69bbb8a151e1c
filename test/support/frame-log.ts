import { bounded } from './bounded.js';
import type { Frame, Wanted } from './ws-client.js';

interface Wait {
  readonly fits: (frame: Frame) => boolean;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A test connection's incoming frames, and ways to wait for them. Every wait is bounded: it ends
 * with what was wanted, or with what came instead.
 */
export class FrameLog {
  /** Every frame so far, in order. */
  readonly frames: Frame[] = [];
  /** Frames that no wait has taken, in order. */
  private unread: Frame[] = [];
  private readonly waits = new Set<Wait>();
  private ended: string | null = null;

  add(frame: Frame): void {
    this.frames.push(frame);
    // No unread frame matches a pending wait, so only the new one is checked.
    for (const wait of this.waits) {
      if (!wait.fits(frame)) continue;
      this.waits.delete(wait);
      wait.resolve(frame);
      return;
    }
    this.unread.push(frame);
  }

  /** Nothing more will come. */
  end(how: string): void {
    this.ended = how;
    for (const { reject } of this.waits) reject(this.inVain());
    this.waits.clear();
  }

  /** The connection is back. */
  goOn(): void {
    this.ended = null;
  }

  /**
   * The first matching frame that no `next` has returned yet, received or to come. Frames before it
   * that do not match are kept for later calls.
   */
  async next(wanted: Wanted, milliseconds?: number): Promise<Frame> {
    const fits = matcher(wanted);
    const [come] = this.takeUnread(1, fits);
    if (come !== undefined) return come;
    let giveUp = (): void => undefined;
    const found = new Promise<Frame>((resolve, reject) => {
      const wait = { fits, resolve, reject };
      giveUp = () => void this.waits.delete(wait);
      if (this.ended === null) this.waits.add(wait);
      else reject(this.inVain());
    });
    try {
      return await bounded(found, toText(wanted), () => this.seen(), milliseconds);
    } finally {
      giveUp();
    }
  }

  /** A number of matching frames, in order. */
  async take(count: number, wanted: Wanted): Promise<readonly Frame[]> {
    const fits = matcher(wanted);
    const frames = this.takeUnread(count, fits);
    while (frames.length < count) {
      frames.push(await this.next(wanted));
      frames.push(...this.takeUnread(count - frames.length, fits));
    }
    return frames;
  }

  /** Received frames that `next` has not returned. */
  rest(): readonly Frame[] {
    return [...this.unread];
  }

  seen(): string {
    const frames = this.frames.slice(-20).map(toJson);
    return `${this.ended ?? 'still open'}, frames:\n${frames.join('\n')}`;
  }

  private inVain(): Error {
    return new Error(`nothing such came; instead: ${this.seen()}`);
  }

  private takeUnread(count: number, fits: Wait['fits']): Frame[] {
    const taken: Frame[] = [];
    const left: Frame[] = [];
    for (const frame of this.unread) {
      if (taken.length < count && fits(frame)) taken.push(frame);
      else left.push(frame);
    }
    this.unread = left;
    return taken;
  }
}

function matcher(wanted: Wanted): Wait['fits'] {
  if (typeof wanted === 'function') return wanted;
  const fields = Object.entries(wanted).map(([field, value]) => ({
    ...{ field: field as keyof Frame, value },
    json: typeof value === 'object' ? toJson(value) : null,
  }));
  return (frame) =>
    fields.every(({ field, value, json }) => {
      const came = frame[field];
      return came === value || (json !== null && toJson(came) === json);
    });
}

function toText(wanted: Wanted): string {
  return typeof wanted === 'function' ? `a frame for ${wanted.toString()}` : toJson(wanted);
}

function toJson(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}
