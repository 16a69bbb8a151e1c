import { FrameType, type Person, type RejectFrame, type SyncFrame } from '@parley/protocol';
import { CatchUp, type CatchUpOptions } from './catch-up.js';
import type { ChatEvents } from './chat-events.js';
import { type Conversation, conversationOf } from './conversation.js';
import type { Emitter } from './emitter.js';
import type { Outbox } from './outbox.js';
import { Positions } from './positions.js';
import type { LogEntry } from './read-frame.js';

export interface LogReaderOptions extends Pick<CatchUpOptions, 'send' | 'page' | 'limit'> {
  readonly self: () => Person;
  readonly events: Emitter<ChatEvents>;
  readonly outbox: Outbox;
  /** What is kept by the name of a conversation and is no part of its log goes. */
  readonly forget: (conversation: Conversation) => void;
}

/** So long after a rename the former name can mean no other room. */
const ALIAS_MS = 90 * 24 * 60 * 60_000;

/**
 * Reads the log of each conversation: tells each entry once and in order, has gaps filled, and
 * follows a room over its names, and from the person's Join to their Part.
 */
export class LogReader {
  private readonly positions = new Positions();
  private readonly catchUp: CatchUp;
  /** What the welcome and lists told, until what was missed has come. */
  private readonly heads = new Map<Conversation, number>();
  private hasBegun = false;
  /** What was missed is on its way. */
  private isResuming = false;

  constructor(private readonly options: LogReaderOptions) {
    const { events, outbox, send, page, limit } = options;
    this.catchUp = new CatchUp({
      ...{ positions: this.positions, send, page, limit },
      deliver: (frame) => {
        this.take(frame);
      },
      skipped: (conversation, head) => {
        outbox.settle(conversation, head);
        events.emit('skipped', { conversation, head });
      },
      reset: (conversation, head) => {
        outbox.unsettle(conversation, head);
        events.emit('reset', { conversation, head });
      },
      renamed: (was, conversation) => {
        this.rename(was, conversation);
      },
      closed: (room) => {
        this.leave(room);
      },
      finished: () => {
        this.isResuming = false;
        this.startAtHeads();
        events.emit('current', undefined);
      },
    });
  }

  /** There is a connection. What came before the first one is history. */
  begin(heads: Readonly<Record<Conversation, number>>): void {
    this.heads.clear();
    for (const [name, head] of Object.entries(heads)) this.heads.set(name, head);
    if (!this.hasBegun) this.startAtHeads();
    this.hasBegun = true;
  }

  /** Asks for everything that was missed. */
  resume(): void {
    this.isResuming = true;
    this.catchUp.resume();
  }

  suspend(): void {
    this.isResuming = false;
    this.catchUp.suspend();
  }

  /** The position in a conversation; undefined: unknown. */
  position(conversation: Conversation): number | undefined {
    return this.positions.get(conversation);
  }

  /** A conversation goes up to `head`. @param isOpen whether what is missing can be asked for now */
  learn(conversation: Conversation, head: number, isOpen: boolean): void {
    const position = this.positions.get(conversation);
    if (position === undefined && this.isResuming) this.heads.set(conversation, head);
    else if (position === undefined) this.positions.start(conversation, head);
    else if (position < head && isOpen) this.catchUp.missing(conversation, head);
  }

  take(frame: LogEntry): void {
    const self = this.options.self();
    const conversation = conversationOf(frame, self.username);
    const former = formerName(frame);
    if (former !== null) this.rename(former, conversation);
    // What came between an earlier Part and this Join is history.
    const isOwn = 'user' in frame && frame.user.id === self.id;
    if (isOwn && frame.type === FrameType.Join) this.positions.start(conversation, frame.seq - 1);
    if (!this.fill(conversation, frame.seq)) return;
    this.tell(conversation, frame);
    if (isOwn && frame.type === FrameType.Part) this.leave(conversation);
  }

  synced(frame: SyncFrame): void {
    this.catchUp.synced(frame);
  }

  /** @returns false where the Reject answers no Sync */
  rejected(frame: RejectFrame): boolean {
    return this.catchUp.rejected(frame);
  }

  /** A frame fills a number. @returns whether it is the next one of its conversation */
  private fill(conversation: Conversation, seq: number): boolean {
    const verdict = this.positions.take(conversation, seq);
    if (verdict === 'gap') this.catchUp.missing(conversation, seq);
    if (verdict === 'gap' || verdict === 'duplicate') return false;
    this.options.outbox.settle(conversation, seq);
    return true;
  }

  private tell(conversation: Conversation, frame: LogEntry): void {
    const { events, outbox, self } = this.options;
    switch (frame.type) {
      case FrameType.GroupChat:
      case FrameType.SingleChat:
        if (frame.user.id === self().id) outbox.hear(conversation, frame);
        events.emit('message', { conversation, frame });
        break;
      case FrameType.Unknown:
        break;
      default:
        events.emit('entry', { conversation, frame });
    }
  }

  private rename(was: Conversation, conversation: Conversation): void {
    const { events, outbox, forget } = this.options;
    forget(was);
    this.positions.rename(was, conversation);
    outbox.rename(was, conversation);
    this.catchUp.rename(was, conversation);
    events.emit('renamed', { conversation, was });
  }

  private leave(room: Conversation): void {
    const { events, forget } = this.options;
    forget(room);
    this.positions.drop(room);
    this.heads.delete(room);
    events.emit('left', { conversation: room });
    this.catchUp.drop(room);
  }

  /**
   * Begins what is not known at its head. After a reconnect not before what was missed has come: a
   * name that is not known may be the new one of a room that is.
   */
  private startAtHeads(): void {
    for (const [conversation, head] of this.heads) {
      if (this.positions.get(conversation) === undefined) this.positions.start(conversation, head);
    }
    this.heads.clear();
  }
}

/** What a room was called before this entry, where that is certain. */
function formerName(frame: LogEntry): string | null {
  if (frame.type !== FrameType.Room || frame.data.was === undefined) return null;
  const isCertain = frame.data.was !== frame.room && frame.time > Date.now() - ALIAS_MS;
  return isCertain ? frame.data.was : null;
}
