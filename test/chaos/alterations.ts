import { FrameType } from '@parley/protocol';
import type { Chance } from './chance.js';
import type { Change, ChangeKind, Changes } from './changes.js';
import { LOBBY, textOf } from './message.js';
import type { Message } from './speech.js';

/** Messages to which somebody may still react. */
const REMEMBERED = 50;
/** Far below what may be edited. */
const MOST_EDITS = 20;
/** What may be said to somebody who asks for what others have made impossible meanwhile. */
const ALLOWED: readonly string[] = ['message-deleted', 'unknown-message', 'not-a-member'];

/** A message that stands somewhere. */
export interface Standing extends Omit<Message, 'stays'> {
  readonly seq: number;
}

export interface Surroundings {
  readonly device: string;
  readonly changes: Changes;
  readonly chance: Chance;
  readonly send: (frame: object) => void;
}

interface Asked extends Change {
  readonly ref: string;
  readonly frame: object;
}

/**
 * What one device makes of messages: it edits and deletes its own, and reacts to those of others, one
 * thing after the other, each until it is answered.
 */
export class Alterations {
  private open: Asked | null = null;
  private count = 0;
  private readonly heard: Standing[] = [];
  /** What this device has given a message, by its ref. */
  private readonly given = new Set<string>();
  private readonly edits = new Map<string, number>();
  /** Messages with which it has done: they are deleted, or nobody knows. */
  private readonly done = new Set<string>();
  /** Messages that others speak about: first ones of threads. */
  private readonly kept = new Set<string>();

  constructor(private readonly around: Surroundings) {}

  get isAnswered(): boolean {
    return this.open === null;
  }

  /** Somebody's message came. */
  hear(message: Standing): void {
    this.heard.push(message);
    if (this.heard.length > REMEMBERED) this.heard.shift();
  }

  /** It is the first one of a thread, and stays. */
  keep(ref: string): void {
    this.kept.add(ref);
  }

  mayBegin(ref: string): boolean {
    return !this.done.has(ref);
  }

  /** @param own messages of this device that are acknowledged */
  maybe(own: readonly Standing[]): void {
    const { chance } = this.around;
    if (this.open !== null || !chance.happens(0.2)) return;
    const isOwn = chance.happens(0.6);
    const all = isOwn ? own : this.heard;
    if (all.length === 0) return;
    const message = chance.pick(all);
    if (this.done.has(message.ref)) return;
    if (!isOwn) this.react(message);
    else if (chance.happens(0.25) && !this.kept.has(message.ref)) this.delete(message);
    else if ((this.edits.get(message.ref) ?? 0) < MOST_EDITS) this.edit(message);
  }

  /** On a new connection. */
  again(): void {
    if (this.open === null) return;
    if (this.around.chance.happens(0.1)) this.giveUp(this.open.ref);
    else this.around.send(this.open.frame);
  }

  /** @returns whether it was one of these */
  acknowledged(ref: string, seq: number): boolean {
    if (!this.around.changes.has(ref)) return false;
    this.around.changes.ack(ref, seq);
    if (this.open?.ref !== ref) return true;
    const { kind, target } = this.open;
    if (kind === 'react') this.given.add(target);
    if (kind === 'unreact') this.given.delete(target);
    this.open = null;
    return true;
  }

  /** @returns whether it was one of these, and may be */
  refused(ref: string, code: string): boolean {
    if (this.open?.ref !== ref) return this.around.changes.has(ref);
    this.giveUp(ref);
    return ALLOWED.includes(code);
  }

  /** Sends once more what was refused for now. @returns whether it was one of these */
  sendAgain(ref: string): boolean {
    if (this.open?.ref !== ref) return false;
    this.around.send(this.open.frame);
    return true;
  }

  private giveUp(ref: string): void {
    if (this.open?.ref !== ref) return;
    this.done.add(this.open.target);
    this.open = null;
  }

  private edit(message: Standing): void {
    const edits = (this.edits.get(message.ref) ?? 0) + 1;
    this.edits.set(message.ref, edits);
    const data = textOf(message.ref, edits);
    this.ask('edit', message, { type: FrameType.Edit, data }, { edits });
  }

  private delete(message: Standing): void {
    // From here on nobody may begin a thread with it.
    this.done.add(message.ref);
    this.ask('delete', message, { type: FrameType.Deletion });
  }

  /** Each device of a person has a key of its own. */
  private react(message: Standing): void {
    const key = this.around.device.endsWith('a') ? '👍' : '🎉';
    const isGiven = this.given.has(message.ref);
    const op = isGiven ? 'remove' : 'add';
    const frame = { type: FrameType.Reaction, data: key, op };
    this.ask(isGiven ? 'unreact' : 'react', message, frame, { key });
  }

  private ask(
    kind: ChangeKind,
    { ref: target, name, seq }: Standing,
    fields: object,
    more: { readonly edits?: number; readonly key?: string } = {},
  ): void {
    const { device, changes, send } = this.around;
    const ref = `${device}!${++this.count}`;
    const change = { kind, device, target, edits: 0, key: '', ...more };
    const place = name.startsWith('@') ? { to: name.slice(1) } : { room: name };
    const frame = { ...fields, ...(name === LOBBY ? {} : place), target: seq, ref };
    this.open = { ...change, ref, frame };
    changes.sent(ref, change);
    send(frame);
  }
}
