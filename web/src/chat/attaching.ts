import type { Conversation } from '@parley/client';
import type { Attachment } from '@parley/protocol';
import { signal } from '@preact/signals';
import type { Uploads } from '../files/uploads.js';
import type { Ask } from '../messages/ask.js';

/** Files that are to go with the next message of each conversation. */
export class Attaching {
  private readonly all = signal<ReadonlyMap<Conversation, Uploads>>(new Map());

  constructor(private readonly ask: Ask) {}

  /** @returns undefined where there was never any */
  in(conversation: Conversation): Uploads | undefined {
    return this.all.value.get(conversation);
  }

  async add(conversation: Conversation, files: readonly File[]): Promise<void> {
    const { Uploads: LoadedUploads } = await import('../files/uploads.js');
    const uploads = this.in(conversation) ?? new LoadedUploads(this.ask);
    this.all.value = new Map(this.all.value).set(conversation, uploads);
    uploads.add(files);
  }

  /** @returns those that have arrived; null while some are on their way, or failed */
  ready(conversation: Conversation): readonly Attachment[] | null {
    const uploads = this.in(conversation)?.list.value ?? [];
    const arrived = uploads.map(({ attachment }) => attachment).filter((one) => one !== null);
    return arrived.length < uploads.length ? null : arrived;
  }

  stop(): void {
    for (const uploads of this.all.value.values()) uploads.stop();
  }
}
