import {
  type DeletionFrame,
  FrameType,
  type OwnReadFrame,
  type ReadCommand,
  type ReadFrame,
  type RejectFrame,
  type ThreadReadFrame,
} from '@parley/protocol';
import type { ChatClient } from './chat-client.js';
import { type Conversation, directWith, partnerOf } from './conversation.js';
import { Emitter } from './emitter.js';
import { isInThreadOnly, targetsOf } from './message-changes.js';
import { randomRef } from './refs.js';
import type { ConversationSummary } from './rest.js';

export interface UnreadEvents {
  /** A conversation was read, or has one more to read, whichever device did it. */
  changed: ReadPosition & { readonly conversation: Conversation };
  /** A thread was read, or has one more to read, whichever device did it. */
  thread: ReadPosition & { readonly conversation: Conversation; readonly thread: number };
  /** Another person has read a conversation up to `seq`. */
  receipt: { readonly conversation: Conversation; readonly userId: string; readonly seq: number };
}

/** How far the person has read a conversation. */
export interface ReadPosition {
  /** The last number that was read. */
  readonly seq: number;
  /** Messages of others behind it. */
  readonly unread: number;
}

interface State {
  head: number;
  read: number;
  /** Unread messages up to `floor`, which are known by their number only. */
  older: number;
  floor: number;
  /** The numbers of those above it, ascending. */
  newer: number[];
}

/** Messages whose numbers are remembered in one conversation, and conversations. */
const MOST_NEWER = 1_000;
const MOST_CONVERSATIONS = 1_000;

/**
 * What is unread, by conversation: what a list of them told ({@link learn}), with what the client
 * heard since. A mark that the person moves counts at once, and is said again after a reconnect until
 * it is answered.
 */
export class Unread {
  readonly events = new Emitter<UnreadEvents>();
  private readonly states = new Map<Conversation, State>();
  /** By their refs: marks without an answer. */
  private readonly owed = new Map<string, ReadCommand>();

  constructor(private readonly client: Pick<ChatClient, 'events' | 'read' | 'self' | 'position'>) {
    const { events } = client;
    events.on('message', ({ conversation, frame }) => {
      if (isInThreadOnly(frame)) this.passed(conversation, frame.seq);
      else this.heard(conversation, frame.seq, frame.user.id === client.self.id);
    });
    events.on('entry', ({ conversation, frame }) => {
      if (frame.type === FrameType.Deletion) this.deleted(conversation, frame);
    });
    events.on('renamed', ({ conversation, was }) => {
      this.rename(was, conversation);
    });
    events.on('left', ({ conversation }) => {
      this.states.delete(conversation);
    });
    events.on('read', (frame) => {
      this.told(frame);
    });
    events.on('rejected', (frame) => {
      this.rejected(frame);
    });
    events.on('state', ({ name }) => {
      if (name === 'online') for (const frame of this.owed.values()) client.read(frame);
    });
  }

  /** @returns undefined where nothing is known of the conversation */
  get(conversation: Conversation): ReadPosition | undefined {
    const state = this.states.get(conversation);
    return state && { seq: state.read, unread: state.older + state.newer.length };
  }

  /** A list of conversations told how it stands. */
  learn({ room, user, seq, read, unread }: ConversationSummary): void {
    const conversation = user === undefined ? room : directWith(user.username);
    if (conversation === undefined) return;
    const known = this.states.get(conversation);
    const newer = known?.newer.filter((one) => one > seq) ?? [];
    const head = Math.max(seq, known?.head ?? 0);
    this.set(conversation, { head, read, older: unread, floor: seq, newer });
  }

  /** A message came, in the order of its conversation. Whoever writes has read what stands before. */
  private heard(conversation: Conversation, seq: number, isOwn: boolean): void {
    const state = this.states.get(conversation) ?? startingAt(seq - 1);
    if (seq <= state.head) return;
    state.head = seq;
    if (isOwn) forward(state, seq);
    else if (seq > state.read) state.newer.push(seq);
    if (state.newer.length > MOST_NEWER) {
      state.floor = state.newer.shift() ?? state.floor;
      state.older++;
    }
    this.set(conversation, state);
  }

  /** Something came that is read elsewhere: it moves the head only. */
  private passed(conversation: Conversation, seq: number): void {
    const state = this.states.get(conversation);
    if (state !== undefined) state.head = Math.max(state.head, seq);
  }

  /** What was deleted is not to be read any more. */
  private deleted(conversation: Conversation, frame: DeletionFrame): void {
    const state = this.states.get(conversation);
    const [low, high] = targetsOf(frame);
    const isGone = (seq: number): boolean => seq >= low && seq <= high;
    if (state?.newer.some(isGone) !== true) return;
    state.newer = state.newer.filter((seq) => !isGone(seq));
    this.set(conversation, state);
  }

  private rename(was: Conversation, conversation: Conversation): void {
    const state = this.states.get(was);
    if (state === undefined) return;
    this.states.delete(was);
    this.set(conversation, state);
  }

  /**
   * The person has read a conversation. Does nothing where that is known.
   * @param seq the last number; unless given: all that came
   */
  markRead(conversation: Conversation, seq = this.client.position(conversation) ?? 0): void {
    const state = this.states.get(conversation);
    if (state !== undefined && seq <= state.read) return;
    if (state !== undefined) {
      forward(state, Math.min(seq, state.head));
      this.set(conversation, state);
    }
    this.say({ type: FrameType.Read, ...placeOf(conversation), seq });
  }

  /** The person has not read from that number on. The answer tells how many that are. */
  markUnread(conversation: Conversation, firstUnread: number): void {
    this.say({ type: FrameType.Read, ...placeOf(conversation), seq: firstUnread, unread: true });
  }

  /** The person has read a thread up to that number. @param thread the number of its first message */
  markThreadRead(conversation: Conversation, thread: number, seq: number): void {
    this.say({ type: FrameType.Read, ...placeOf(conversation), thread, seq });
  }

  markAllRead(): void {
    this.readAll();
    this.say({ type: FrameType.Read, data: 'all' });
  }

  private told(frame: ReadFrame): void {
    if ('ref' in frame) this.owed.delete(frame.ref);
    if ('thread' in frame) this.readThread(frame);
    else if ('unread' in frame) this.moved(frame);
    else if ('room' in frame) {
      for (const [userId, seq] of Object.entries(frame.data)) {
        this.events.emit('receipt', { conversation: frame.room, userId, seq });
      }
    } else if ('seq' in frame) {
      const conversation = directWith(frame.user.username);
      this.events.emit('receipt', { conversation, userId: frame.user.id, seq: frame.seq });
    } else if (frame.data === 'all') this.readAll();
  }

  private moved(frame: OwnReadFrame): void {
    const conversation = 'room' in frame ? frame.room : directWith(frame.to);
    const state = this.states.get(conversation) ?? startingAt(frame.seq + frame.unread);
    const { seq, unread } = frame;
    if (seq >= state.floor && seq >= state.read) forward(state, seq);
    else {
      state.read = seq;
      state.newer = state.newer.filter((one) => one > seq);
      state.older = Math.max(0, unread - state.newer.length);
    }
    this.set(conversation, state);
  }

  /** Threads are counted apart: the mark of the conversation stays. */
  private readThread({ thread, seq, unread, ...frame }: ThreadReadFrame): void {
    const conversation = 'room' in frame ? frame.room : directWith(frame.to);
    this.events.emit('thread', { conversation, thread, seq, unread });
  }

  private rejected({ ref, retryable }: RejectFrame): void {
    if (ref !== undefined && !retryable) this.owed.delete(ref);
  }

  private say(frame: ReadCommand): void {
    const ref = randomRef();
    const withRef = { ...frame, ref };
    this.owed.set(ref, withRef);
    const [oldest] = this.owed.keys();
    if (this.owed.size > MOST_CONVERSATIONS && oldest !== undefined) this.owed.delete(oldest);
    this.client.read(withRef);
  }

  private readAll(): void {
    for (const [conversation, state] of this.states) {
      forward(state, state.head);
      this.set(conversation, state);
    }
  }

  private set(conversation: Conversation, state: State): void {
    this.states.set(conversation, state);
    const [oldest] = this.states.keys();
    if (this.states.size > MOST_CONVERSATIONS && oldest !== undefined) this.states.delete(oldest);
    const { read, older, newer } = state;
    this.events.emit('changed', { conversation, seq: read, unread: older + newer.length });
  }
}

/** Moves a mark to a number above which everything is known, or as far as that goes. */
function forward(state: State, seq: number): void {
  if (seq <= state.read) return;
  state.read = seq;
  if (seq >= state.floor) state.older = 0;
  state.newer = state.newer.filter((one) => one > seq);
}

function startingAt(head: number): State {
  return { head, read: head, older: 0, floor: head, newer: [] };
}

function placeOf(conversation: Conversation): { readonly room: string } | { readonly to: string } {
  const to = partnerOf(conversation);
  return to === null ? { room: conversation } : { to };
}
