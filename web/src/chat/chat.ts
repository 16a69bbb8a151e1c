import { batch, computed, signal } from '@preact/signals';
import { ChatClient, type ConnectionState } from '../../../client/chat-client.js';
import { type Conversation, directWith, LOBBY } from '../../../client/conversation.js';
import type { MessageFrame, Person, PresenceFrame } from '../../../client/frames.js';
import type { OutboxEntry } from '../../../client/outbox.js';
import { type RestClient, RestError } from '../../../client/rest.js';
import { SessionOver, type TokenSession } from '../../../client/token-session.js';
import { ConversationLog } from '../conversation/conversation-log.js';
import { People } from '../people/people.js';
import { openSocket } from '../session/transport.js';
import { Batch } from './batch.js';
import { KeptOutbox } from './kept-outbox.js';
import { ReadMarks } from './read-marks.js';

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

/** What a person who is logged in sees of the chat. */
export class Chat {
  readonly people: People;
  readonly marks: ReadMarks;
  readonly state = signal<ConnectionState>({ name: 'offline', code: null });
  readonly outbox = signal<readonly OutboxEntry[]>([]);
  /** Private conversations, latest first. */
  readonly directs = signal<readonly Conversation[]>([]);
  readonly active = signal<Conversation>(LOBBY);
  /** Up to where the active conversation was read when it was opened; null: to its end. */
  readonly readOnOpening = signal<number | null>(null);
  /** Code points that one message may have. */
  readonly textLimit = signal(DEFAULT_TEXT_LIMIT);
  readonly log = computed(() => this.logOf(this.active.value));
  private readonly client: ChatClient;
  private readonly kept: KeptOutbox;
  private readonly logs = new Map<Conversation, ConversationLog>();
  private readonly drafts = new Map<Conversation, string>();
  private readonly changes = new Batch<Arrival | typeof OUTBOX>(MESSAGES_EVERY_MS, (changes) => {
    // In one go: a message leaves the outbox in the moment in which it stands in the log.
    batch(() => {
      this.outbox.value = this.client.outbox.entries();
      this.showArrived(changes.filter((change) => change !== OUTBOX));
    });
  });
  private readonly presence = new Batch<PresenceFrame>(PRESENCE_EVERY_MS, (frames) => {
    this.people.apply(frames);
    this.logs.get(LOBBY)?.notice(frames);
  });
  private ended: (code: string) => void = () => undefined;
  private readonly onWake = (): void => {
    if (document.visibilityState === 'visible') this.client.nudge();
    this.showRead();
  };

  constructor(
    private readonly rest: RestClient,
    private readonly session: TokenSession,
  ) {
    this.marks = new ReadMarks(session.user.id);
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
    this.client.connect();
  }

  /** Lets go of everything; the session itself goes on elsewhere, or not. */
  close(): void {
    window.removeEventListener('online', this.onWake);
    document.removeEventListener('visibilitychange', this.onWake);
    this.ended = () => undefined;
    this.client.disconnect();
    this.session.stop();
    this.changes.stop();
    this.presence.stop();
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
    this.readOnOpening.value = null;
    if (this.client.send(conversation, text) === null) return false;
    this.list(conversation);
    return true;
  }

  retry(ref: string): void {
    this.client.outbox.retry(ref);
  }

  discard(ref: string): void {
    this.client.outbox.discard(ref);
  }

  show(conversation: Conversation): void {
    if (conversation === this.active.value) return;
    const unread = this.marks.unread(conversation);
    this.readOnOpening.value = unread > 0 ? this.marks.read(conversation) : null;
    this.active.value = conversation;
    void this.showLatest();
  }

  /** Goes to the end of the active conversation. */
  async showLatest(): Promise<void> {
    const log = this.log.value;
    log.isFollowed = true;
    if (log.isDetached.value) await log.loadLatest();
    this.showRead();
  }

  showDirect(username: string): void {
    this.list(directWith(username));
    this.show(directWith(username));
  }

  /** Whoever looks at the end of the active conversation has read it. */
  showRead(): void {
    const isSeen = document.visibilityState === 'visible' && this.log.value.isFollowed;
    if (isSeen && !this.log.value.isDetached.value) this.marks.markAllRead(this.active.value);
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
      if (state.name === 'online') this.arrive(state.welcome.limits.text);
      if (state.name === 'ended') this.ended(state.reason);
    });
    events.on('message', (message) => {
      this.changes.add(message);
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

  private arrive(textLimit: number): void {
    this.textLimit.value = textLimit;
    this.client.requestPeople();
    const head = this.client.position(LOBBY) ?? 0;
    this.marks.reach(LOBBY, head, head);
    void this.listDirects();
    // Not before the welcome: what is loaded after it reaches up to what arrives live.
    const log = this.log.value;
    if (log.items.value.length === 0 || log.loading.value === 'failed') void this.showLatest();
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
    this.showRead();
  }

  private showMessages(conversation: Conversation, frames: readonly MessageFrame[]): void {
    const first = frames[0]?.seq ?? 1;
    this.marks.reach(conversation, frames.at(-1)?.seq ?? 0, first - 1);
    const own = frames.findLast((frame) => frame.user?.id === this.self.id);
    if (own !== undefined) this.marks.markRead(conversation, own.seq);
    if (conversation !== LOBBY) this.list(conversation);
    this.logs.get(conversation)?.receive(frames);
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
