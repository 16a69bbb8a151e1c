import type { Conversation } from '@parley/client';
import type { MessageFrame } from '@parley/protocol';
import { signal } from '@preact/signals';
import { Batch } from './batch.js';

/** Something for those who hear the page instead of seeing it. */
export type Announcement =
  | { readonly kind: 'message'; readonly key: number; readonly frame: MessageFrame }
  /** More messages at once than anybody listens to. */
  | {
      readonly kind: 'many';
      readonly key: number;
      readonly conversation: Conversation;
      readonly count: number;
    };

interface Heard {
  readonly conversation: Conversation;
  readonly frame: MessageFrame;
}

/** What comes in this time is announced together. */
const EVERY_MS = 300;
/** Messages of one conversation that are read out one by one. */
const READ_OUT = 3;

/** What was said by others lately, to be read out once. */
export class Announcements {
  /** Those of the last time; the ones before were heard. */
  readonly latest = signal<readonly Announcement[]>([]);
  private count = 0;
  private readonly batch = new Batch<Heard>(EVERY_MS, (heard) => {
    const conversations = [...new Set(heard.map(({ conversation }) => conversation))];
    this.latest.value = conversations.flatMap((conversation) => {
      const own = heard.filter((one) => one.conversation === conversation);
      return this.announce(conversation, own);
    });
  });

  take(conversation: Conversation, frames: readonly MessageFrame[]): void {
    for (const frame of frames) this.batch.add({ conversation, frame });
  }

  stop(): void {
    this.batch.stop();
  }

  private announce(conversation: Conversation, heard: readonly Heard[]): readonly Announcement[] {
    if (heard.length > READ_OUT) {
      return [{ kind: 'many', key: this.nextKey(), conversation, count: heard.length }];
    }
    return heard.map(({ frame }) => ({ kind: 'message', key: this.nextKey(), frame }));
  }

  private nextKey(): number {
    this.count += 1;
    return this.count;
  }
}
