import { FrameType } from '@parley/protocol';
import { type ChangeFrame, targetsOf, type PresentFrame } from '../message-changes.js';
import {
  changeOf,
  merge,
  type Message,
  type MessageState,
  presentOf,
  replyOf,
  stateOf,
} from './message-state.js';

/** The newest messages of a conversation, as they are at present. */
export class MessageWindow {
  /** By their numbers. */
  private readonly states = new Map<number, MessageState>();
  private shown: readonly Message[] | null = [];

  /** @param capacity messages kept; beyond them the lowest numbers go */
  constructor(private readonly capacity: number) {}

  /** Ascending; the same array until something changes. */
  get list(): readonly Message[] {
    this.shown ??= [...this.states]
      .sort(([one], [next]) => one - next)
      .map(([, state]) => presentOf(state))
      .filter((message) => message !== null);
    return this.shown;
  }

  /** @param at the head of the page that it is from; absent: it came as a frame */
  add(frame: PresentFrame, at?: number): void {
    this.put(frame.seq, stateOf(frame, at));
    this.reply(frame.seq);
  }

  change(frame: ChangeFrame, selfId: string): void {
    const state = changeOf(frame, selfId);
    const [low, high] =
      frame.type === FrameType.Deletion ? targetsOf(frame) : [frame.target, frame.target];
    // Where the message is not there, the page that brings it has the change, or is older than it.
    for (let seq = low; seq <= high && seq < low + this.capacity; seq++) {
      this.put(seq, state);
      if (frame.type === FrameType.Deletion) this.reply(seq);
    }
  }

  /** What lies above was never said: the log was restored. */
  cut(head: number): void {
    for (const seq of this.states.keys()) if (seq > head) this.states.delete(seq);
    this.shown = null;
  }

  clear(): void {
    this.states.clear();
    this.shown = null;
  }

  /** Tells the first message of a thread what is known of a reply in it. */
  private reply(seq: number): void {
    const { origin, deleted } = this.states.get(seq) ?? {};
    if (typeof origin?.thread !== 'number') return;
    this.put(origin.thread, replyOf(origin, deleted?.at));
  }

  private put(seq: number, state: MessageState): void {
    const known = this.states.get(seq);
    this.states.set(seq, known === undefined ? state : merge(known, state));
    this.shown = null;
    if (this.states.size > this.capacity) this.states.delete(Math.min(...this.states.keys()));
  }
}
