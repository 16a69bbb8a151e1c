import { type AckFrame, FrameType, type Person, type ReadCommand } from '@parley/protocol';
import type { BackoffOptions } from './backoff.js';
import type { ChatEvents } from './chat-events.js';
import type { Socket } from './connection.js';
import { type Conversation, messageTo, partnerOf, typedIn, typingIn } from './conversation.js';
import { Emitter } from './emitter.js';
import { LogReader } from './log-reader.js';
import type { MessageExtras } from './message-extras.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import { isEntry, type LogEntry, readPeople, type ReadFrame } from './read-frame.js';
import { type ConnectionState, Reconnector } from './reconnector.js';
import type { RestClient } from './rest.js';
import type { TokenSession } from './token-session.js';
import { Typing } from './typing.js';

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
  private readonly typing = new Typing((typing) => {
    this.events.emit('typing', typing);
  });
  private readonly logs: LogReader;
  private readonly reconnector: Reconnector;

  constructor(private readonly options: ChatClientOptions) {
    this.outbox = this.makeOutbox();
    this.logs = this.makeLogs();
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
  send(conversation: Conversation, text: string, extras?: MessageExtras): OutboxEntry | null {
    return this.outbox.add(conversation, text, extras);
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
    return this.logs.position(conversation);
  }

  /**
   * Announces a conversation's head, as a list of conversations told it. A new conversation
   * continues from there; one that is behind is caught up.
   */
  learn(conversation: Conversation, head: number): void {
    this.logs.learn(conversation, head, this.reconnector.isOpen);
  }

  /** Asks something over HTTP, with a good token. @throws SessionOver, RestError */
  ask<Answer>(call: (rest: RestClient, accessToken: string) => Promise<Answer>): Promise<Answer> {
    return this.options.session.authorized((token) => call(this.options.rest, token));
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
        this.reconnector.send(messageTo(entry.conversation, entry));
      },
      changed: () => {
        this.events.emit('outbox', this.outbox.entries());
      },
      ...(this.options.inFlight === undefined ? {} : { inFlight: this.options.inFlight }),
    });
  }

  private makeLogs(): LogReader {
    const { rest, session, catchUpLimit = 2_000 } = this.options;
    return new LogReader({
      self: () => this.self,
      events: this.events,
      outbox: this.outbox,
      send: (frame) => {
        this.reconnector.send(frame);
      },
      page: (conversation, query) =>
        session.authorized((token) => rest.page(token, conversation, query)),
      forget: (conversation) => {
        this.typing.forget(conversation);
      },
      limit: catchUpLimit,
    });
  }

  private makeReconnector(): Reconnector {
    const { rest, session, openSocket, backoff } = this.options;
    return new Reconnector({
      ...{ rest, session, openSocket, backoff },
      changed: (state) => {
        if (state.name === 'online') this.logs.begin(state.welcome.heads);
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
        this.logs.suspend();
        this.outbox.suspend();
        this.typing.clear();
      },
    });
  }

  private resume(): void {
    this.logs.resume();
    this.outbox.resume();
  }

  private receive(frame: ReadFrame): void {
    if (isEntry(frame)) this.logs.take(frame);
    else this.hear(frame);
  }

  /** What fills no number. */
  private hear(frame: Exclude<ReadFrame, LogEntry>): void {
    const { events } = this;
    switch (frame.type) {
      case FrameType.GroupList:
        events.emit('people', { list: readPeople(frame), total: frame.total });
        break;
      case FrameType.Enter:
      case FrameType.Leave:
        events.emit('presence', frame);
        break;
      case FrameType.Typing:
        this.typing.take(typedIn(frame), frame);
        break;
      case FrameType.Ack:
        this.acknowledged(frame);
        break;
      case FrameType.Reject:
        if (!this.outbox.reject(frame) && !this.logs.rejected(frame))
          events.emit('rejected', frame);
        break;
      case FrameType.Read:
        events.emit('read', frame);
        break;
      case FrameType.Sync:
        this.logs.synced(frame);
        break;
      case FrameType.Room:
        events.emit('count', frame);
        break;
      case FrameType.Notice:
        events.emit('notice', frame);
        break;
      case FrameType.Error:
      case FrameType.Renew:
      case FrameType.GroupChat:
        break;
    }
  }

  private acknowledged(ack: AckFrame): void {
    const entry = this.outbox.acknowledge(ack);
    if (entry === null) return;
    const known = this.logs.position(entry.conversation);
    if (known !== undefined && known >= ack.seq) this.outbox.settle(entry.conversation, ack.seq);
    // A private message is echoed to its author's other devices only.
    const to = partnerOf(entry.conversation);
    if (to === null) return;
    this.logs.take({
      type: FrameType.SingleChat,
      user: this.self,
      to,
      data: entry.text,
      ...entry.extras,
      id: ack.id,
      seq: ack.seq,
      time: ack.time,
    });
  }
}
