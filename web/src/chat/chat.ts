import {
  ChatClient,
  type ConnectionState,
  type Conversation,
  directWith,
  LOBBY,
  type OutboxEntry,
  partnerOf,
  type RestClient,
  type TokenSession,
} from '@parley/client';
import type { MessageFrame, Person, PresenceFrame } from '@parley/protocol';
import { batch, computed, type Signal, signal } from '@preact/signals';
import { People } from '../people/people.js';
import type { Guest } from '../session/guest.js';
import { openSocket } from '../session/transport.js';
import { Announcements } from './announcements.js';
import { arrivedIn, type Change, CURRENT, OUTBOX } from './arrivals.js';
import { Batch } from './batch.js';
import { Directs, MOST_DIRECTS } from './directs.js';
import { Drafts } from './drafts.js';
import { KeptOutbox } from './kept-outbox.js';
import { Logs } from './logs.js';
import { Names } from './names.js';
import { Network } from './network.js';
import { ReadMarks } from './read-marks.js';
import { Reading } from './reading.js';
import { Typing } from './typing.js';

/** What is said is shown at most so often, however much it is. */
const MESSAGES_EVERY_MS = 16;
/** Who comes and goes: a list of thousands is sorted each time. */
const PRESENCE_EVERY_MS = 200;
const DEFAULT_TEXT_LIMIT = 4_000;

interface ChatOptions {
  readonly rest: RestClient;
  readonly session: TokenSession;
  /** The conversation that is shown first, in any spelling. */
  readonly start: Conversation;
  readonly guest: Guest | null;
}

/** What a person who is logged in sees of the chat. */
export class Chat {
  readonly people: People;
  readonly marks: ReadMarks;
  readonly drafts: Drafts;
  readonly state = signal<ConnectionState>({ name: 'offline', code: null });
  /** The service owes an answer for some seconds. */
  readonly isOverdue = signal(false);
  readonly network = new Network((isThere) => {
    if (isThere) this.client.nudge();
    else this.client.interrupt();
  });
  readonly outbox = signal<readonly OutboxEntry[]>([]);
  readonly directs = new Directs(async () => {
    const { items } = await this.authorized((token) => this.rest.directs(token, MOST_DIRECTS));
    return items;
  });
  readonly logs = new Logs((conversation, query) =>
    this.authorized((token) => this.rest.page(token, conversation, query)),
  );
  readonly names: Names;
  readonly typing = new Typing();
  readonly active: Signal<Conversation>;
  /** A text that goes back into the composer. */
  readonly returned = signal<string | null>(null);
  /** Code points that one message may have. */
  readonly textLimit = signal(DEFAULT_TEXT_LIMIT);
  readonly log = computed(() => this.logs.of(this.active.value));
  readonly reading: Reading;
  readonly announcements = new Announcements();
  /** Null: somebody with an account. */
  readonly guest: Guest | null;
  private readonly rest: RestClient;
  private readonly session: TokenSession;
  private readonly closing = new AbortController();
  private readonly client: ChatClient;
  private readonly kept: KeptOutbox;
  private readonly changes = new Batch<Change>(MESSAGES_EVERY_MS, (changes) => {
    // In one go: a message leaves the outbox in the moment in which it stands in the log.
    batch(() => {
      this.outbox.value = this.client.outbox.entries();
      arrivedIn(changes).forEach((frames, conversation) => {
        this.showMessages(conversation, frames);
      });
    });
    if (changes.includes(CURRENT)) void this.reading.current();
  });
  private readonly presence = new Batch<PresenceFrame>(PRESENCE_EVERY_MS, (frames) => {
    this.people.apply(frames);
    this.logs.get(LOBBY)?.notice(frames);
  });
  private ended: (code: string) => void = () => undefined;
  private readonly onWake = (): void => {
    if (!isVisible()) return;
    this.client.nudge();
    void this.reading.comeBack();
  };

  constructor({ rest, session, start, guest }: ChatOptions) {
    // What was asked before a log-out is not answered after it.
    this.rest = rest.until(this.closing.signal);
    this.session = session;
    this.guest = guest;
    this.drafts = new Drafts(session.user.id);
    this.marks = new ReadMarks(session.user.id);
    this.people = new People((limit, after) =>
      this.authorized((token) => this.rest.presence(token, limit, after)),
    );
    this.names = new Names(session.user.username, this.people, this.directs);
    this.kept = new KeptOutbox(session.user.id);
    this.active = signal(this.names.of(start));
    this.reading = new Reading(this.marks, { name: this.active, log: this.log }, isVisible);
    this.client = new ChatClient({ rest: this.rest, session, openSocket });
    this.listen();
    this.client.outbox.restore(this.kept.load());
  }

  get self(): Person {
    return this.session.user;
  }

  onEnded(listener: (code: string) => void): void {
    this.ended = listener;
  }

  open(): void {
    this.network.watch();
    document.addEventListener('visibilitychange', this.onWake);
    this.marks.listen();
    this.client.connect();
  }

  /** Lets go of everything; the session itself goes on elsewhere, or not. */
  close(): void {
    this.network.stop();
    document.removeEventListener('visibilitychange', this.onWake);
    this.marks.stop();
    this.ended = () => undefined;
    this.client.disconnect();
    this.session.stop();
    this.changes.stop();
    this.presence.stop();
    this.drafts.close();
    this.closing.abort();
    this.announcements.stop();
  }

  async logOut(): Promise<void> {
    this.close();
    this.kept.clear();
    this.guest?.forget();
    await this.session.logout();
  }

  connect(): void {
    this.client.connect();
    this.client.nudge();
  }

  disconnect(): void {
    this.client.disconnect();
  }

  /** @returns false where too much is waiting already */
  send(text: string): boolean {
    const conversation = this.active.value;
    if (this.client.send(conversation, text) === null) return false;
    this.directs.raise(conversation);
    this.guest?.hasWritten();
    void this.reading.showLatest();
    return true;
  }

  /** Something is being written in the conversation that is shown, or no longer. */
  write(isTyping: boolean): void {
    this.client.sendTyping(this.active.value, isTyping);
  }

  retry(ref: string): void {
    this.client.outbox.retry(ref);
  }

  /** Takes what was not sent back to where it was written. */
  edit(ref: string): void {
    const entry = this.client.outbox.entries().find((one) => one.ref === ref);
    if (entry === undefined) return;
    this.client.outbox.discard(ref);
    this.returned.value = entry.text;
  }

  discard(ref: string): void {
    this.client.outbox.discard(ref);
  }

  /** @param wanted in any spelling */
  show(wanted: Conversation): void {
    const conversation = this.names.of(wanted);
    if (conversation === this.active.value) return;
    this.active.value = conversation;
    void this.reading.open();
  }

  showDirect(username: string): void {
    const conversation = this.names.of(directWith(username));
    this.directs.raise(conversation);
    this.show(conversation);
  }

  /** Gives a request a good token. @throws SessionOver, RestError */
  authorized<Answer>(call: (accessToken: string) => Promise<Answer>): Promise<Answer> {
    return this.session.authorized(call);
  }

  private listen(): void {
    const { events } = this.client;
    events.on('state', (state) => {
      this.state.value = state;
      if (state.name === 'online') this.reading.catchUp();
      if (state.name === 'online') void this.arrive(state.welcome.limits.text);
      else this.lose();
      if (state.name === 'ended') this.ended(state.reason);
    });
    events.on('overdue', (isOverdue) => {
      this.isOverdue.value = isOverdue;
    });
    events.on('message', (message) => {
      this.changes.add(message);
    });
    events.on('current', () => {
      this.changes.add(CURRENT);
    });
    events.on('presence', (frame) => {
      this.presence.add(frame);
    });
    events.on('typing', (typing) => {
      this.typing.take(typing);
    });
    events.on('people', ({ list, total }) => {
      this.people.replace(list, total);
      this.unify();
    });
    events.on('outbox', (entries) => {
      this.changes.add(OUTBOX);
      this.kept.save(entries);
    });
    events.on('skipped', ({ conversation, head }) => {
      this.marks.reach(conversation, head, head);
      void this.logs.get(conversation)?.restart();
    });
    events.on('reset', ({ conversation, head }) => {
      this.marks.goBack(conversation, head);
      void this.logs.get(conversation)?.restart();
    });
  }

  private async arrive(textLimit: number): Promise<void> {
    this.textLimit.value = textLimit;
    this.client.requestPeople();
    const head = this.client.position(LOBBY) ?? 0;
    this.marks.reach(LOBBY, head, head);
    const listed = this.listDirects();
    // The list tells what is unread there.
    if (this.active.value !== LOBBY) await listed;
    // Not before the welcome: what is loaded after it reaches up to what arrives live.
    const log = this.log.value;
    if (log.items.value.length === 0 || log.loading.value === 'failed') await this.reading.open();
  }

  /** What was known of others was so with the connection. */
  private lose(): void {
    this.people.forget();
    this.isOverdue.value = false;
  }

  /** Asks for the private conversations. */
  async listDirects(): Promise<void> {
    for (const { user, seq, delivered } of await this.directs.load()) {
      const conversation = directWith(user.username);
      this.client.learn(conversation, seq);
      this.marks.reach(conversation, seq, delivered);
    }
    this.unify();
  }

  /** A link may spell a name otherwise than its owner, who is known only now. */
  private unify(): void {
    this.directs.unify((one) => this.names.of(one));
    this.show(this.active.value);
  }

  private showMessages(conversation: Conversation, frames: readonly MessageFrame[]): void {
    const isOwn = (frame: MessageFrame): boolean => frame.user.id === this.self.id;
    const [first, last] = [frames[0]?.seq ?? 1, frames.at(-1)?.seq ?? 0];
    this.reading.take(conversation, first, last, frames.findLast(isOwn)?.seq ?? null);
    this.directs.raise(conversation);
    this.logs.get(conversation)?.receive(frames);
    if (conversation !== this.active.value && partnerOf(conversation) === null) return;
    // What one wrote oneself was heard while it was written.
    const others = frames.filter((frame) => !isOwn(frame));
    this.announcements.take(conversation, others);
  }
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}
