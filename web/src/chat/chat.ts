import { batch, computed, signal } from '@preact/signals';
import { ChatClient, type ConnectionState } from '../../../client/chat-client.js';
import { type Conversation, directWith, LOBBY, partnerOf } from '../../../client/conversation.js';
import type { MessageFrame, Person, PresenceFrame } from '../../../client/frames.js';
import type { OutboxEntry } from '../../../client/outbox.js';
import { type RestClient, RestError } from '../../../client/rest.js';
import { SessionOver, type TokenSession } from '../../../client/token-session.js';
import { ConversationLog } from '../conversation/conversation-log.js';
import { People } from '../people/people.js';
import { openSocket } from '../session/transport.js';
import { Announcements } from './announcements.js';
import { Batch } from './batch.js';
import { KeptOutbox } from './kept-outbox.js';
import { ReadMarks } from './read-marks.js';
import { Reading } from './reading.js';

/** What is said is shown at most so often, however much it is. */
const MESSAGES_EVERY_MS = 16;
/** Who comes and goes: a list of thousands is sorted each time. */
const PRESENCE_EVERY_MS = 200;
/** Private conversations that the list shows. */
const DIRECTS = 100;
/** Conversations whose messages are kept; the others are loaded when they are opened. */
const OPEN_LOGS = 12;
const DEFAULT_TEXT_LIMIT = 4_000;

interface Arrival {
  readonly conversation: Conversation;
  readonly frame: MessageFrame;
}

/** Stands for a change of the outbox. */
const OUTBOX = Symbol('OUTBOX');
/** Stands for the end of what was missed. */
const CURRENT = Symbol('CURRENT');
type Change = Arrival | typeof OUTBOX | typeof CURRENT;

/** What a person who is logged in sees of the chat. */
export class Chat {
  readonly people: People;
  readonly marks: ReadMarks;
  readonly state = signal<ConnectionState>({ name: 'offline', code: null });
  readonly outbox = signal<readonly OutboxEntry[]>([]);
  /** Private conversations, latest first. */
  readonly directs = signal<readonly Conversation[]>([]);
  readonly active = signal<Conversation>(LOBBY);
  /** A text that goes back into the composer. */
  readonly returned = signal<string | null>(null);
  /** Code points that one message may have. */
  readonly textLimit = signal(DEFAULT_TEXT_LIMIT);
  readonly log = computed(() => this.logOf(this.active.value));
  readonly reading: Reading;
  readonly announcements = new Announcements();
  private readonly client: ChatClient;
  private readonly kept: KeptOutbox;
  private readonly logs = new Map<Conversation, ConversationLog>();
  private readonly drafts = new Map<Conversation, string>();
  private readonly changes = new Batch<Change>(MESSAGES_EVERY_MS, (changes) => {
    // In one go: a message leaves the outbox in the moment in which it stands in the log.
    batch(() => {
      this.outbox.value = this.client.outbox.entries();
      this.showArrived(changes.filter((change) => typeof change !== 'symbol'));
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

  constructor(
    private readonly rest: RestClient,
    private readonly session: TokenSession,
  ) {
    this.marks = new ReadMarks(session.user.id);
    this.reading = new Reading(this.marks, { name: this.active, log: this.log }, isVisible);
    this.people = new People((limit, after) =>
      this.authorized((token) => rest.presence(token, limit, after)),
    );
    this.kept = new KeptOutbox(session.user.id);
    this.client = new ChatClient({ rest, session, openSocket });
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
    window.addEventListener('online', this.onWake);
    document.addEventListener('visibilitychange', this.onWake);
    this.marks.listen();
    this.client.connect();
  }

  /** Lets go of everything; the session itself goes on elsewhere, or not. */
  close(): void {
    window.removeEventListener('online', this.onWake);
    document.removeEventListener('visibilitychange', this.onWake);
    this.marks.stop();
    this.ended = () => undefined;
    this.client.disconnect();
    this.session.stop();
    this.changes.stop();
    this.presence.stop();
    this.announcements.stop();
  }

  async logOut(): Promise<void> {
    this.close();
    this.kept.clear();
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
    this.list(conversation);
    void this.reading.showLatest();
    return true;
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

  show(conversation: Conversation): void {
    if (conversation === this.active.value) return;
    this.active.value = conversation;
    void this.reading.open();
  }

  showDirect(username: string): void {
    this.list(directWith(username));
    this.show(directWith(username));
  }

  draft(conversation: Conversation): string {
    return this.drafts.get(conversation) ?? '';
  }

  keepDraft(conversation: Conversation, text: string): void {
    this.drafts.set(conversation, text);
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
      if (state.name === 'ended') this.ended(state.reason);
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
    events.on('people', ({ list, total }) => {
      this.people.replace(list, total);
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

  private async listDirects(): Promise<void> {
    try {
      const { items } = await this.authorized((token) => this.rest.directs(token, DIRECTS));
      const listed = items.map(({ user }) => directWith(user.username));
      const others = this.directs.value.filter((one) => !listed.includes(one));
      this.directs.value = [...others, ...listed];
      for (const { user, seq, delivered } of items) {
        const conversation = directWith(user.username);
        this.client.learn(conversation, seq);
        this.marks.reach(conversation, seq, delivered);
      }
    } catch (error) {
      // The next connection asks again; the end of the session is told by the client.
      if (!(error instanceof RestError) && !(error instanceof SessionOver)) throw error;
    }
  }

  private showArrived(arrived: readonly Arrival[]): void {
    for (const conversation of new Set(arrived.map((message) => message.conversation))) {
      const own = arrived.filter((message) => message.conversation === conversation);
      this.showMessages(
        conversation,
        own.map((message) => message.frame),
      );
    }
  }

  private showMessages(conversation: Conversation, frames: readonly MessageFrame[]): void {
    const isOwn = (frame: MessageFrame): boolean => frame.user?.id === this.self.id;
    const [first, last] = [frames[0]?.seq ?? 1, frames.at(-1)?.seq ?? 0];
    this.reading.take(conversation, first, last, frames.findLast(isOwn)?.seq ?? null);
    if (conversation !== LOBBY) this.list(conversation);
    this.logs.get(conversation)?.receive(frames);
    // What one wrote oneself was heard while it was written.
    const isNear = conversation === this.active.value || partnerOf(conversation) !== null;
    if (isNear)
      this.announcements.take(
        conversation,
        frames.filter((frame) => !isOwn(frame)),
      );
  }

  /** Puts a private conversation at the top of the list. */
  private list(conversation: Conversation): void {
    if (conversation === LOBBY || this.directs.value[0] === conversation) return;
    this.directs.value = [
      conversation,
      ...this.directs.value.filter((one) => one !== conversation),
    ].slice(0, DIRECTS);
  }

  private logOf(conversation: Conversation): ConversationLog {
    const known = this.logs.get(conversation);
    const log =
      known ??
      new ConversationLog((query) =>
        this.authorized((token) => this.rest.page(token, conversation, query)),
      );
    this.logs.delete(conversation);
    this.logs.set(conversation, log);
    for (const [name] of this.logs) {
      if (this.logs.size <= OPEN_LOGS) break;
      if (name !== LOBBY) this.logs.delete(name);
    }
    return log;
  }
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}
