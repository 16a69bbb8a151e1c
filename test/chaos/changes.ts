import { FrameType } from '@parley/protocol';
import type { Frame } from '../support/ws-client.js';
import type { Faults } from './faults.js';
import type { Entry, Told } from './ledger.js';
import { type Conversation, saidIn } from './message.js';

export type ChangeKind = 'edit' | 'delete' | 'react' | 'unreact';

/** Something that a device wants to become of a message. */
export interface Change {
  readonly kind: ChangeKind;
  readonly device: string;
  /** The ref of the message. */
  readonly target: string;
  /** Of an edit: which one of the message it is. Of a reaction: its key. */
  readonly edits: number;
  readonly key: string;
}

interface Asked extends Change {
  /** Null: nobody knows whether it took place. */
  seq: number | null;
}

interface Happened {
  readonly type: number;
  readonly target: number;
}

const TYPES: Readonly<Record<ChangeKind, number>> = {
  edit: FrameType.Edit,
  delete: FrameType.Deletion,
  react: FrameType.Reaction,
  unreact: FrameType.Reaction,
};

/** What was to become of messages, and what the service has said of it since, over all of its lives. */
export class Changes {
  /** Acknowledged, each counted once. */
  acknowledged = 0;
  private readonly asked = new Map<string, Asked>();
  /** By the ref of a message. */
  private readonly byTarget = new Map<string, Asked[]>();
  /** By conversation and number: each event about a message that somebody was told of. */
  private readonly events = new Map<string, Happened>();
  /** When somebody first heard that a message is deleted, by its ref. */
  private readonly gone = new Map<string, number>();

  constructor(private readonly faults: Faults) {}

  sent(ref: string, change: Change): void {
    const asked = { ...change, seq: null };
    this.asked.set(ref, asked);
    this.byTarget.set(change.target, [...this.of(change.target), asked]);
  }

  ack(ref: string, seq: number): void {
    const asked = this.asked.get(ref);
    if (asked === undefined) {
      this.faults.note('altered', `an Ack for ${ref}, which nobody asked for`);
      return;
    }
    if (asked.seq !== null && asked.seq !== seq) {
      this.faults.note('moved', `${ref} took place at #${asked.seq} and #${seq}`);
    }
    if (asked.seq === null) this.acknowledged += 1;
    asked.seq = seq;
    if (asked.kind === 'delete') this.note(asked.target);
  }

  /**
   * An event about a message.
   * @param since when it was asked for what the frame answers: what was deleted before is gone from it
   */
  told(frame: Frame & { readonly target?: number }, place: Conversation, since: number): void {
    const { type, seq = 0, target = 0, data } = frame;
    const key = `${place} ${seq}`;
    const known = this.events.get(key) ?? { type, target };
    this.events.set(key, known);
    if (known.type !== type || known.target !== target) {
      this.faults.note('moved', `${key} is about #${known.target} and #${target}`);
    }
    if (type !== FrameType.Edit || 'deleted' in frame) return;
    const said = saidIn(data);
    if (said === null) this.faults.note('altered', `the edit ${key}`);
    else this.judgeText(said.ref, said.edits, since, key);
  }

  /** A text was seen. */
  judgeText(ref: string, edits: number, since: number, where: string): void {
    const gone = this.gone.get(ref);
    if (gone !== undefined && gone < since) this.faults.note('resurrected', `${ref} in ${where}`);
    const wanted = edits === 0 || this.find(ref, 'edit').some((one) => one.edits === edits);
    if (!wanted) this.faults.note('altered', `${ref} in ${where}, edited ${edits} times`);
  }

  /** A message was seen without a text. */
  judgeGone(ref: string, where: string): void {
    this.note(ref);
    if (this.find(ref, 'delete').length > 0) return;
    this.faults.note('altered', `${ref} in ${where} is deleted, which nobody asked for`);
  }

  /** Holds a message as a page has it at the end against all that was to become of it. */
  judge(ref: string, { conversation, seq }: Entry & { readonly seq: number }, told: Told): void {
    const { item = {} } = told;
    const what = `${ref}, ${conversation} #${seq}`;
    const deletions = this.find(ref, 'delete');
    if (item.deleted !== undefined) return;
    if (deletions.some((one) => one.seq !== null)) this.faults.note('resurrected', what);
    this.judgeEdits(ref, item, `${conversation} `, seq, told, what);
    for (const key of new Set(this.of(ref).map((one) => one.key))) {
      if (key !== '') this.judgeReaction(ref, key, item, what);
    }
  }

  /** Every change that was acknowledged has its event, and no message has more than were asked for. */
  compare(entries: ReadonlyMap<string, Entry>): void {
    const counts = new Map<string, number>();
    for (const [key, { type, target }] of this.events) {
      const name = `${key.slice(0, key.lastIndexOf(' '))} ${target} ${type}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [ref, { kind, target, seq }] of this.asked) {
      const { conversation, place } = entries.get(target) ?? {};
      if (conversation === undefined || place === null || place === undefined) continue;
      const event = seq === null ? undefined : this.events.get(`${conversation} ${seq}`);
      const isThere = event?.type === TYPES[kind] && event.target === place.seq;
      if (seq !== null && !isThere) {
        const where = `${conversation} #${seq}, about #${place.seq}`;
        const found = event ? `${event.type} about #${event.target}` : 'nothing of the kind';
        this.faults.note('lost', `${ref}: ${kind} in ${where}; there is ${found}`);
      }
      const most = this.of(target).filter((one) => TYPES[one.kind] === TYPES[kind]).length;
      const count = counts.get(`${conversation} ${place.seq} ${TYPES[kind]}`) ?? 0;
      if (count > most) this.faults.note('duplicated', `${kind} of ${target}: ${count} of ${most}`);
    }
  }

  has(ref: string): boolean {
    return this.asked.has(ref);
  }

  private judgeEdits(
    ref: string,
    { edited }: Item,
    prefix: string,
    target: number,
    { text }: Told,
    what: string,
  ): void {
    const edits = this.find(ref, 'edit');
    const sure = Math.max(0, ...edits.filter(({ seq }) => seq !== null).map((one) => one.edits));
    const found = saidIn(text)?.edits ?? 0;
    if (found < sure) this.faults.note('lost', `${what}: edit ${sure}, it has ${found}`);
    let latest = 0;
    for (const one of edits) {
      const event = one.seq === null ? undefined : this.events.get(`${prefix}${one.seq}`);
      if (event?.target === target) latest = Math.max(latest, one.seq ?? 0);
    }
    if ((edited?.seq ?? 0) < latest) this.faults.note('reordered', `${what}: edited #${latest}`);
  }

  /** One device each: whether it has reacted is known, unless its last wish had no answer. */
  private judgeReaction(ref: string, key: string, { reactions = [] }: Item, what: string): void {
    const last = new Map<string, Asked>();
    for (const one of this.of(ref)) if (one.key === key) last.set(one.device, one);
    const all = [...last.values()];
    const least = all.filter(({ kind, seq }) => kind === 'react' && seq !== null).length;
    const unsure = all.filter(({ seq }) => seq === null).length;
    const count = reactions.find((one) => one.key === key)?.count ?? 0;
    if (count < least) this.faults.note('lost', `${what}: ${key} ${count} of ${least}`);
    if (count > least + unsure) this.faults.note('duplicated', `${what}: ${key} ${count}`);
  }

  private note(ref: string): void {
    if (!this.gone.has(ref)) this.gone.set(ref, performance.now());
  }

  private find(ref: string, kind: ChangeKind): readonly Asked[] {
    return this.of(ref).filter((one) => one.kind === kind);
  }

  private of(ref: string): readonly Asked[] {
    return this.byTarget.get(ref) ?? [];
  }
}

/** What pages say of a message beside its text. */
export interface Item {
  readonly edited?: { readonly seq: number };
  readonly deleted?: object;
  readonly reactions?: readonly { readonly key: string; readonly count: number }[];
  /** On a reply the number of its thread's first message, on that what is said there. */
  readonly thread?: number | { readonly count: number };
  readonly also?: true;
}
