import { Logger } from '@nestjs/common';

/** A list of listeners. One that throws keeps no other from being called. */
export class Listeners<Heard extends readonly unknown[]> {
  private readonly logger: Logger;
  private readonly all = new Set<{ readonly hear: (...heard: Heard) => void }>();

  /** @param owner what they listen to, as the log calls it */
  constructor(owner: string) {
    this.logger = new Logger(owner);
  }

  /** A function added twice is called twice. @returns removes it; idempotent */
  add(hear: (...heard: Heard) => void): () => void {
    const listener = { hear };
    this.all.add(listener);
    return () => {
      this.all.delete(listener);
    };
  }

  tell(...heard: Heard): void {
    for (const { hear } of this.all) {
      try {
        hear(...heard);
      } catch (error) {
        this.logger.error({ event: 'subscriber-failed', error });
      }
    }
  }
}
