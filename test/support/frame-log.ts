import { bounded } from './bounded.js';
import type { Frame, Wanted } from './ws-client.js';

/** What came to a test's connection, and waiting for it. Every wait ends. */
export class FrameLog {
  /** Every frame so far, in order. */
  readonly frames: Frame[] = [];
  private readonly unread: Frame[] = [];
  private readonly waiting = new Set<() => void>();
  private ended: string | null = null;

  add(frame: Frame): void {
    this.frames.push(frame);
    this.unread.push(frame);
    for (const look of this.waiting) look();
  }

  /** Nothing more will come. */
  end(how: string): void {
    this.ended = how;
    for (const look of this.waiting) look();
  }

  /** The connection is back. */
  goOn(): void {
    this.ended = null;
  }

  async next(wanted: Wanted, milliseconds?: number): Promise<Frame> {
    const found = new Promise<Frame>((resolve, reject) => {
      const look = (): void => {
        const at = this.unread.findIndex((frame) => isSuch(frame, wanted));
        const [frame] = at < 0 ? [] : this.unread.splice(at, 1);
        if (frame) resolve(frame);
        else if (this.ended !== null) reject(new Error(`nothing such came; ${this.seen()}`));
        else return;
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
    return await bounded(found, JSON.stringify(wanted), () => this.seen(), milliseconds);
  }

  async take(count: number, wanted: Wanted): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next(wanted));
    return frames;
  }

  seen(): string {
    const frames = this.frames.slice(-20).map((frame) => JSON.stringify(frame));
    return `${this.ended ?? 'still open'}, frames:\n${frames.join('\n')}`;
  }
}

function isSuch(frame: Frame, wanted: Wanted): boolean {
  if (typeof wanted === 'function') return wanted(frame);
  return Object.entries(wanted).every(
    ([field, value]) => JSON.stringify(frame[field as keyof Frame]) === JSON.stringify(value),
  );
}
