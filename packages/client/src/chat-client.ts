import {
  type AckFrame,
  FrameType,
  type ListedPerson,
  type MessageFrame,
  type Person,
  type PresenceFrame,
  type ReadCommand,
  type ReadFrame as MarkFrame,
  type RejectFrame,
  type WelcomeFrame,
} from '@parley/protocol';
import type { BackoffOptions } from './backoff.js';
import { CatchUp } from './catch-up.js';
import type { Socket } from './connection.js';
import {
  type Conversation,
  conversationOf,
  LOBBY,
  messageTo,
  partnerOf,
  typedIn,
  typingIn,
} from './conversation.js';
import { Emitter } from './emitter.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import { Positions } from './positions.js';
import { readPeople, type ReadFrame } from './read-frame.js';
import { type ConnectionState, Reconnector } from './reconnector.js';
import type { RestClient } from './rest.js';
import type { TokenSession } from './token-session.js';
import { Typing, type TypingPeople } from './typing.js';

export interface ChatEvents {
  state: ConnectionState;
  /** Whether an answer is seconds overdue: the open connection may be dead. */
  overdue: boolean;
  /** Each message once, in the order of its conversation. */
  message: { readonly conversation: Conversation; readonly frame: MessageFrame };
  /** The client has caught up. Comes after each welcome. */
  current: undefined;
  /** Too much was missed: the conversation continues after `head`. */
  skipped: { readonly conversation: Conversation; readonly head: number };
  /**
   * The conversation ends at `head`, below what was received: the service was restored from an
   * older backup. What is shown of it must be read again; it continues after `head`.
   */
  reset: { readonly conversation: Conversation; readonly head: number };
  /** Who is online: `total` people, of whom the list may hold only a part. */
  people: { readonly list: readonly ListedPerson[]; readonly total: number };
  presence: PresenceFrame;
  /** Told at each change, and again while somebody goes on; empty when the last one has stopped. */
  typing: TypingPeople;
  outbox: readonly OutboxEntry[];
  /** Somebody has read up to a number, on whatever device; {@link Unread} makes sense of one's own. */
  read: MarkFrame;
  /** A Reject of nothing that this client tracks. */
  rejected: RejectFrame;
}

export interface ChatClientOptions {
  readonly rest: RestClient;
  readonly session: TokenSession;
  /** Opens a WebSocket: `(url) => new WebSocket(url)`. */
  readonly openSocket: (url: string) => Socket;
  readonly backoff?: BackoffOptions;
  /**
   * Unanswered messages in flight, 1 by default: they are stored in the order in which they were
   * written, whatever is rejected meanwhile. More is faster over a slow line.
   */
  readonly inFlight?: number;
  /** Most messages caught up per conversation, 2,000 by default; beyond: `skipped`. */
  readonly catchUpLimit?: number;
}

/**
 * A person's presence in the chat, kept over lost connections, restarts of the service and expiring
 * tokens, until {@link disconnect} or the end of the session.
 */
export class ChatClient {
  readonly events = new Emitter<ChatEvents>();
  readonly outbox: Outbox;
  private readonly positions = new Positions();
  private readonly typing = new Typing((typing) => {
    this.events.emit('typing', typing);
  });
  private readonly catchUp: CatchUp;
  private readonly reconnector: Reconnector;

  constructor(private readonly options: ChatClientOptions) {
    this.outbox = this.makeOutbox();
    this.catchUp = this.makeCatchUp();
    this.reconnector = this.makeReconnector();
    options.session.events.on('renewed', (tokens) => {
      this.reconnector.send({ type: FrameType.Renew, data: tokens.accessToken });
    });
    options.session.events.on('over', (over) => {
      this.reconnector.end(over.code);
    });
  }

  get state(): ConnectionState {
    return this.reconnector.state;
  }

  get self(): Person {
    return this.options.session.user;
  }

  /** Goes online and stays so. Idempotent. */
  connect(): void {
    this.reconnector.connect();
  }

  /** Goes offline until {@link connect}. The outbox is kept. */
  disconnect(): void {
    this.reconnector.disconnect();
  }

  /** The network or the machine is back: retries at once, and trusts no old socket. */
  nudge(): void {
    this.reconnector.nudge();
  }

  /**
   * The machine says that the network is gone: gives up an open connection at once, instead of
   * trusting it until its next sign of life is due. Attempts continue, for the machine may be
   * wrong, as for a service on itself.
   */
  interrupt(): void {
    this.reconnector.interrupt();
  }

  /** @returns null where the outbox is full */
  send(conversation: Conversation, text: string): OutboxEntry | null {
    return this.outbox.add(conversation, text);
  }

  /**
   * Says that one is typing there, or has stopped. To be called with every key: it is said as often as
   * it has to be. A message ends it, too.
   */
  sendTyping(conversation: Conversation, isTyping = true): void {
    if (!this.reconnector.isOpen || !this.typing.shouldSay(conversation, isTyping)) return;
    this.reconnector.send(typingIn(conversation, isTyping));
  }

  /** Asks for everybody who is online; `people` answers. */
  requestPeople(): void {
    this.reconnector.send({ type: FrameType.GroupList });
  }

  /** The position in a conversation; undefined: unknown. */
  position(conversation: Conversation): number | undefined {
    return this.positions.get(conversation);
  }

  /**
   * Announces a conversation's head, as a list of conversations told it. A new conversation
   * continues from there; one that is behind is caught up.
   */
  learn(conversation: Conversation, head: number): void {
    const position = this.positions.get(conversation);
    if (position === undefined) this.positions.start(conversation, head);
    else if (position < head && this.reconnector.isOpen) {
      this.catchUp.missing(conversation, head);
    }
  }

  /** Moves marks of what was read. @returns false where there is no connection now */
  read(frame: ReadCommand): boolean {
    if (!this.reconnector.isOpen) return false;
    this.reconnector.send(frame);
    return true;
  }

  private makeOutbox(): Outbox {
    return new Outbox({
      transmit: (entry) => {
        this.reconnector.send(messageTo(entry.conversation, entry.text, entry.ref));
      },
      changed: () => {
        this.events.emit('outbox', this.outbox.entries());
      },
      ...(this.options.inFlight === undefined ? {} : { inFlight: this.options.inFlight }),
    });
  }

  private makeCatchUp(): CatchUp {
    const { rest, session, catchUpLimit = 2_000 } = this.options;
    return new CatchUp({
      positions: this.positions,
      send: (frame) => {
        this.reconnector.send(frame);
      },
      page: (conversation, query) =>
        session.authorized((token) => rest.page(token, conversation, query)),
      deliver: (frame) => {
        this.accept(frame);
      },
      skipped: (conversation, head) => {
        this.outbox.settle(conversation, head);
        this.events.emit('skipped', { conversation, head });
      },
      reset: (conversation, head) => {
        this.outbox.unsettle(conversation, head);
        this.events.emit('reset', { conversation, head });
      },
      finished: () => {
        this.events.emit('current', undefined);
      },
      limit: catchUpLimit,
    });
  }

  private makeReconnector(): Reconnector {
    const { rest, session, openSocket, backoff } = this.options;
    return new Reconnector({
      ...{ rest, session, openSocket, backoff },
      changed: (state) => {
        if (state.name === 'online') this.begin(state.welcome);
        this.events.emit('state', state);
        // A listener may have gone offline again.
        if (state.name === 'online' && this.state === state) this.resume();
      },
      frame: (frame) => {
        this.receive(frame);
      },
      overdue: (isOverdue) => {
        this.events.emit('overdue', isOverdue);
      },
      dropped: () => {
        this.catchUp.suspend();
        this.outbox.suspend();
        this.typing.clear();
      },
    });
  }

  /** What came before the first welcome is history. */
  private begin(welcome: WelcomeFrame): void {
    const lobby = welcome.heads[LOBBY];
    if (lobby !== undefined && this.positions.get(LOBBY) === undefined) {
      this.positions.start(LOBBY, lobby);
    }
  }

  private resume(): void {
    this.catchUp.resume();
    this.outbox.resume();
  }

  private receive(frame: ReadFrame): void {
    switch (frame.type) {
      case FrameType.GroupChat:
      case FrameType.SingleChat:
        if ('seq' in frame) this.accept(frame);
        break;
      case FrameType.Unknown:
        this.pass(conversationOf(frame, this.self.username), frame.seq);
        break;
      case FrameType.GroupList:
        this.events.emit('people', { list: readPeople(frame), total: frame.total });
        break;
      case FrameType.Enter:
      case FrameType.Leave:
        this.events.emit('presence', frame);
        break;
      case FrameType.Typing:
        this.typing.take(typedIn(frame), frame);
        break;
      case FrameType.Ack:
        this.acknowledged(frame);
        break;
      case FrameType.Reject:
        if (!this.outbox.reject(frame) && !this.catchUp.rejected(frame)) {
          this.events.emit('rejected', frame);
        }
        break;
      case FrameType.Read:
        this.events.emit('read', frame);
        break;
      case FrameType.Sync:
        this.catchUp.synced(frame);
        break;
      case FrameType.Error:
      case FrameType.Renew:
        break;
    }
  }

  private accept(frame: MessageFrame): void {
    const conversation = conversationOf(frame, this.self.username);
    if (this.pass(conversation, frame.seq)) this.events.emit('message', { conversation, frame });
  }

  /** A frame fills a number. @returns whether it is the next one of its conversation */
  private pass(conversation: Conversation, seq: number): boolean {
    const verdict = this.positions.take(conversation, seq);
    if (verdict === 'gap') this.catchUp.missing(conversation, seq);
    if (verdict === 'gap' || verdict === 'duplicate') return false;
    this.outbox.settle(conversation, seq);
    return true;
  }

  private acknowledged(ack: AckFrame): void {
    const entry = this.outbox.acknowledge(ack);
    if (entry === null) return;
    const known = this.positions.get(entry.conversation);
    if (known !== undefined && known >= ack.seq) this.outbox.settle(entry.conversation, ack.seq);
    // A private message is echoed to its author's other devices only.
    const to = partnerOf(entry.conversation);
    if (to === null) return;
    this.accept({
      type: FrameType.SingleChat,
      user: this.self,
      to,
      data: entry.text,
      id: ack.id,
      seq: ack.seq,
      time: ack.time,
    });
  }
}
