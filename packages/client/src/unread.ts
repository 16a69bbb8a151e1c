import {
  type ClientFrame,
  FrameType,
  type OwnReadFrame,
  type OwnReadsFrame,
  type RejectFrame,
} from '@parley/protocol';
import { type Conversation, directWith, partnerOf } from './conversation.js';
import { randomRef } from './refs.js';
import type { ConversationSummary } from './rest.js';

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
 * What is unread, by conversation: what a list of them told, with what was heard since. A mark that
 * the person moves counts at once, and is said again after a reconnect until it is answered.
 */
export class Unread {
  private readonly states = new Map<Conversation, State>();
  /** By their refs: marks without an answer. */
  private readonly owed = new Map<string, ClientFrame>();

  constructor(
    private readonly send: (frame: ClientFrame) => void,
    private readonly changed: (conversation: Conversation, position: ReadPosition) => void,
  ) {}

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
  heard(conversation: Conversation, seq: number, isOwn: boolean): void {
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

  /** The person has read up to that number. Does nothing where that is known. */
  markRead(conversation: Conversation, seq: number): void {
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

  markAllRead(): void {
    this.readAll();
    this.say({ type: FrameType.Read, data: 'all' });
  }

  /** The service tells of the person's own mark: the answer, or what another device did. */
  told(frame: OwnReadFrame | OwnReadsFrame): void {
    if (frame.ref !== undefined) this.owed.delete(frame.ref);
    if ('data' in frame) {
      if (frame.data === 'all') this.readAll();
      return;
    }
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

  /** @returns whether it refuses a mark of this client */
  rejected({ ref, retryable }: RejectFrame): boolean {
    if (ref === undefined || !this.owed.has(ref)) return false;
    if (!retryable) this.owed.delete(ref);
    return true;
  }

  /** There is a connection again. */
  resume(): void {
    for (const frame of this.owed.values()) this.send(frame);
  }

  private say(frame: ClientFrame): void {
    const ref = randomRef();
    const withRef = { ...frame, ref };
    this.owed.set(ref, withRef);
    const [oldest] = this.owed.keys();
    if (this.owed.size > MOST_CONVERSATIONS && oldest !== undefined) this.owed.delete(oldest);
    this.send(withRef);
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
    this.changed(conversation, { seq: read, unread: older + newer.length });
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
