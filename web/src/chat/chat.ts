import {
  ChatClient,
  type ConnectionState,
  type Conversation,
  directWith,
  LOBBY,
  type MessageExtras,
  type OutboxEntry,
  type RestClient,
  type TokenSession,
  Unread,
} from '@parley/client';
import type { Person, WelcomeFrame } from '@parley/protocol';
import { computed, type Signal, signal } from '@preact/signals';
import { MessageActs } from '../messages/message-acts.js';
import { People } from '../people/people.js';
import type { Guest } from '../session/guest.js';
import { openSocket } from '../session/transport.js';
import { Announcements } from './announcements.js';
import { Attaching } from './attaching.js';
import { Directs, MOST_DIRECTS } from './directs.js';
import { Drafts } from './drafts.js';
import { Entries } from './entries.js';
import { KeptOutbox } from './kept-outbox.js';
import { Logs } from './logs.js';
import { Mentionable } from './mentionable.js';
import { Names } from './names.js';
import { Network } from './network.js';
import { Quotes } from './quotes.js';
import { ReadMarks } from './read-marks.js';
import { Reading } from './reading.js';
import { RoomWatch } from './room-watch.js';
import { isRoom, LIST_PAGE, Rooms } from './rooms.js';
import { Typing } from './typing.js';
import { Unsent } from './unsent.js';

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
  readonly directs = new Directs(() =>
    this.ask(async (rest, token) => (await rest.directs(token, MOST_DIRECTS)).items),
  );
  readonly logs: Logs;
  readonly rooms = new Rooms((after) =>
    this.ask((rest, token) => rest.conversations(token, LIST_PAGE, after)),
  );
  readonly quotes = new Quotes((conversation, seq) =>
    this.ask((rest, token) => rest.message(token, conversation, seq)),
  );
  readonly mentionable = new Mentionable();
  readonly names: Names;
  readonly typing = new Typing();
  readonly active: Signal<Conversation>;
  /** Code points of a message, bytes of a file (0: none can be sent); these until the service tells. */
  readonly limits = signal({ text: 4_000, attachment: 0 });
  readonly attaching = new Attaching((call) => this.ask(call));
  readonly log = computed(() => this.logs.of(this.active.value));
  readonly reading: Reading;
  readonly announcements = new Announcements();
  readonly acts: MessageActs;
  readonly entries: Entries;
  readonly unsent: Unsent;
  /** Null: somebody with an account. */
  readonly guest: Guest | null;
  private readonly rest: RestClient;
  private readonly session: TokenSession;
  private readonly closing = new AbortController();
  private readonly client: ChatClient;
  private readonly unread: Unread;
  private readonly kept: KeptOutbox;
  private readonly roomWatch: RoomWatch;
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
    this.client = new ChatClient({ rest: this.rest, session, openSocket });
    this.unsent = new Unsent(this.client.outbox);
    this.unread = new Unread(this.client);
    this.marks = new ReadMarks(session.user.id, this.unread, isRoom);
    this.people = new People((limit, after) =>
      this.ask((rest, token) => rest.presence(token, limit, after)),
    );
    this.logs = new Logs(
      (conversation, query) => this.ask((rest, token) => rest.page(token, conversation, query)),
      (room) => {
        this.rooms.lose(room);
      },
      session.user.id,
    );
    this.names = new Names(session.user.username, this.people, this.directs);
    this.kept = new KeptOutbox(session.user.id);
    this.active = signal(this.names.of(start));
    this.reading = new Reading(this.marks, { name: this.active, log: this.log }, isVisible);
    this.acts = new MessageActs((call) => this.ask(call), this.active);
    this.roomWatch = new RoomWatch(this.client, this.unread, this);
    this.entries = new Entries(this.client, this.kept, this);
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
    this.entries.stop();
    this.attaching.stop();
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
  send(text: string, extras: MessageExtras = {}): boolean {
    const conversation = this.active.value;
    const { people: mentions, all } = this.mentionable.within(conversation, text);
    const mentioning = {
      ...(mentions.length > 0 && { mentions }),
      ...(all && { mentionAll: true as const }),
    };
    if (this.client.send(conversation, text, { ...extras, ...mentioning }) === null) return false;
    this.directs.raise(conversation);
    this.guest?.hasWritten();
    if (extras.thread === undefined) void this.reading.showLatest();
    return true;
  }

  /** Something is being written in the conversation that is shown, or no longer. */
  write(isTyping: boolean): void {
    this.client.sendTyping(this.active.value, isTyping);
  }

  /** @param wanted in any spelling */
  show(wanted: Conversation): void {
    const conversation = this.names.of(wanted);
    if (this.turnTo(conversation)) void this.reading.open();
  }

  /** Shows a message where it was said. @param wanted its conversation, in any spelling */
  showMessage(wanted: Conversation, seq: number): void {
    this.turnTo(this.names.of(wanted));
    void this.reading.showMessage(seq);
  }

  showDirect(username: string): void {
    const conversation = this.names.of(directWith(username));
    this.directs.raise(conversation);
    this.show(conversation);
  }

  /** The highest number of a conversation that has come. */
  position(conversation: Conversation): number {
    return this.client.position(conversation) ?? 0;
  }

  /** Asks the service something, with a good token. @throws SessionOver, RestError */
  ask<Answer>(call: (rest: RestClient, accessToken: string) => Promise<Answer>): Promise<Answer> {
    return this.session.authorized((token) => call(this.rest, token));
  }

  /** @returns whether it was another one that was shown */
  private turnTo(conversation: Conversation): boolean {
    if (conversation === this.active.value) return false;
    this.active.value = conversation;
    this.acts.leave();
    return true;
  }

  private listen(): void {
    const { events } = this.client;
    events.on('state', (state) => {
      this.state.value = state;
      if (state.name !== 'online') this.isOverdue.value = false;
      if (state.name === 'online') this.reading.catchUp();
      if (state.name === 'online') void this.arrive(state.welcome.limits);
      else this.people.forget();
      if (state.name === 'ended') this.ended(state.reason);
    });
    events.on('overdue', (isOverdue) => {
      this.isOverdue.value = isOverdue;
    });
    events.on('typing', (typing) => {
      this.typing.take(typing);
    });
    events.on('people', ({ list, total }) => {
      this.people.replace(list, total);
      this.unify();
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

  private async arrive({ text, attachment }: WelcomeFrame['limits']): Promise<void> {
    this.limits.value = { text, attachment };
    this.client.requestPeople();
    const head = this.client.position(LOBBY) ?? 0;
    this.marks.reach(LOBBY, head, head);
    const listed = Promise.all([this.listDirects(), this.listRooms()]);
    // The list tells what is unread there.
    if (this.active.value !== LOBBY) await listed;
    // Not before the welcome: what is loaded after it reaches up to what arrives live.
    const log = this.log.value;
    if (log.items.value.length === 0 || log.loading.value === 'failed') await this.reading.open();
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

  /** Asks for the rooms that the person is in. */
  async listRooms(): Promise<void> {
    await this.roomWatch.list();
    if (this.rooms.find(this.active.value) && this.log.value.items.value.length === 0) {
      await this.reading.open();
    }
  }

  /** A link may spell a name otherwise than its owner, who is known only now. */
  private unify(): void {
    this.directs.unify((one) => this.names.of(one));
    this.show(this.active.value);
  }
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}
