import {
  type ChatClient,
  type Conversation,
  isInThreadOnly,
  LOBBY,
  type OutboxEntry,
  partnerOf,
} from '@parley/client';
import type { PresenceFrame } from '@parley/protocol';
import { batch, type Signal } from '@preact/signals';
import { isMessage, type LogFrame } from '../conversation/log-items.js';
import type { People } from '../people/people.js';
import type { Announcements } from './announcements.js';
import { arrivedIn, type Change, CURRENT, OUTBOX } from './arrivals.js';
import { Batch } from './batch.js';
import type { Directs } from './directs.js';
import type { KeptOutbox } from './kept-outbox.js';
import type { Logs } from './logs.js';
import type { Quotes } from './quotes.js';
import type { Reading } from './reading.js';

/** What is said is shown at most so often, however much it is. */
const MESSAGES_EVERY_MS = 16;
/** Who comes and goes: a list of thousands is sorted each time. */
const PRESENCE_EVERY_MS = 200;

/** Where entries are shown. */
interface Places {
  readonly self: { readonly id: string };
  readonly active: { readonly value: Conversation };
  readonly outbox: Signal<readonly OutboxEntry[]>;
  readonly logs: Logs;
  readonly people: People;
  readonly directs: Directs;
  readonly reading: Reading;
  readonly quotes: Quotes;
  readonly announcements: Announcements;
}

type EntryListener = (conversation: Conversation, frames: readonly LogFrame[]) => void;

/** Takes what comes of all logs to where it is shown, many entries at once. */
export class Entries {
  private readonly listeners = new Set<EntryListener>();
  private readonly changes = new Batch<Change>(MESSAGES_EVERY_MS, (changes) => {
    const { places } = this;
    // In one go: a message leaves the outbox in the moment in which it stands in the log.
    batch(() => {
      // One that stands in the log ahead of its Ack would be there twice.
      places.outbox.value = this.client.outbox.entries().filter(({ echoed }) => !echoed);
      arrivedIn(changes).forEach((frames, conversation) => {
        this.show(conversation, frames);
      });
    });
    if (changes.includes(CURRENT)) void places.reading.current();
  });
  private readonly presence = new Batch<PresenceFrame>(PRESENCE_EVERY_MS, (frames) => {
    this.places.people.apply(frames);
    this.places.logs.get(LOBBY)?.notice(frames);
  });

  constructor(
    private readonly client: ChatClient,
    private readonly kept: KeptOutbox,
    private readonly places: Places,
  ) {
    const { events } = client;
    events.on('message', (message) => {
      this.changes.add(message);
    });
    events.on('entry', ({ conversation, frame }) => {
      this.changes.add({ conversation, frame });
    });
    events.on('current', () => {
      this.changes.add(CURRENT);
    });
    events.on('presence', (frame) => {
      this.presence.add(frame);
    });
    events.on('outbox', (entries) => {
      this.changes.add(OUTBOX);
      this.kept.save(entries);
    });
  }

  /** Hears every entry of every log. @returns ends it */
  listen(listener: EntryListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  stop(): void {
    this.changes.stop();
    this.presence.stop();
  }

  private show(conversation: Conversation, frames: readonly LogFrame[]): void {
    const { self, active, logs, quotes, directs, reading, announcements } = this.places;
    const isOwn = (frame: LogFrame): boolean => frame.user.id === self.id;
    const messages = frames.filter(isMessage).filter((frame) => !isInThreadOnly(frame));
    const [first, last] = [messages[0]?.seq ?? 1, messages.at(-1)?.seq ?? 0];
    if (messages.length > 0) {
      reading.take(conversation, first, last, messages.findLast(isOwn)?.seq ?? null);
      directs.raise(conversation);
    }
    logs.get(conversation)?.receive(frames);
    quotes.hear(conversation, frames);
    this.listeners.forEach((listener) => {
      listener(conversation, frames);
    });
    if (conversation !== active.value && partnerOf(conversation) === null) return;
    // What one wrote oneself was heard while it was written.
    const others = messages.filter((frame) => !isOwn(frame));
    announcements.take(conversation, others);
  }
}
