import { Logger } from '@nestjs/common';

/** Those who want to hear of something. One that fails keeps nobody else from hearing. */
export class Listeners<Heard extends readonly unknown[]> {
  private readonly logger: Logger;
  private readonly all = new Set<{ readonly hear: (...heard: Heard) => void }>();

  /** @param owner whom they listen to, as the log calls it */
  constructor(owner: string) {
    this.logger = new Logger(owner);
  }

  /** The same function added twice hears twice. @returns ends it; further calls do nothing */
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
