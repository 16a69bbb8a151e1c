import { FrameType } from '@parley/protocol';
import { Alterations, type Standing } from './alterations.js';
import type { Chance } from './chance.js';
import type { Ledger } from './ledger.js';
import { type Conversation, conversationOf, LOBBY, textOf } from './message.js';
import type { Moves } from './moves.js';
import { isRoom } from './rooms.js';
import type { Views } from './views.js';

/** Messages of one talker that wait for their Ack. */
const WINDOW = 8;
/** Acknowledged messages from which some are sent again. */
const REMEMBERED = 50;
const READ = 'read ';

export interface Message {
  readonly ref: string;
  /** The conversation, as frames name it: a room, or `@` and a person. */
  readonly name: string;
  /** The first message of the thread in which it is said. */
  readonly thread?: number;
  /** How often the person had been in the room, as far as was known when it was first sent. */
  readonly stays: number;
}

/** Whose speech it is, and what it goes by. */
export interface Surroundings {
  readonly device: string;
  readonly person: string;
  /** Names of the other people. */
  readonly others: readonly string[];
  readonly views: Views;
  readonly ledger: Ledger;
  readonly moves: Moves;
  readonly chance: Chance;
  readonly send: (frame: object) => void;
  /** The speech of the person's other device, where that can send now. */
  readonly sibling: () => Speech | null;
}

/** What one device says: as fast as it is acknowledged, and some of it more often than it must. */
export class Speech {
  private readonly unanswered = new Map<string, Message>();
  private readonly remembered: Message[] = [];
  private said = 0;

  readonly alterations: Alterations;

  constructor(private readonly around: Surroundings) {
    const { device, ledger, chance, send } = around;
    this.alterations = new Alterations({ device, changes: ledger.changes, chance, send });
  }

  get isAnswered(): boolean {
    return this.unanswered.size === 0 && this.alterations.isAnswered;
  }

  /** Says as much as may wait for an Ack. */
  fill(): void {
    const { chance } = this.around;
    while (this.unanswered.size < WINDOW) {
      this.say();
      this.alterations.maybe(this.standing());
      if (chance.happens(0.02) && this.remembered.length > 0) {
        this.send(chance.pick(this.remembered));
      }
    }
  }

  /** On a new connection. */
  again(): void {
    this.alterations.again();
    for (const message of [...this.unanswered.values()]) {
      // Somebody who closes the page does not come back with what was on its way.
      if (this.around.chance.happens(0.1)) this.giveUp(message.ref);
      else this.sendOnceMore(message);
    }
  }

  /** Whoever was out of the room meanwhile was refused the first, perhaps, and did not hear of it. */
  private sendOnceMore(message: Message): void {
    if (this.staysIn(message.name) !== message.stays) this.around.ledger.loosen(message.ref);
    this.send(message);
  }

  /** The same, of one message that was refused for now. */
  sendAgain(ref: string): void {
    const message = this.unanswered.get(ref);
    if (message) this.send(message);
  }

  acknowledged(ref: string): void {
    const message = this.unanswered.get(ref);
    if (!message) return;
    this.unanswered.delete(ref);
    this.remembered.push(message);
    if (this.remembered.length > REMEMBERED) this.remembered.shift();
  }

  giveUp(ref: string): void {
    if (this.unanswered.delete(ref)) this.around.ledger.loosen(ref);
  }

  /** Whether it was meant for a room from which the person may have gone, and does not know it yet. */
  mayBeOutside(ref: string): boolean {
    const { ledger, moves, person } = this.around;
    const room = ref.startsWith(READ)
      ? ref.slice(READ.length)
      : (ledger.entries.get(ref)?.conversation ?? '');
    return isRoom(room) && moves.mayBeOut(room, person);
  }

  private say(): void {
    const { device, person, ledger, chance } = this.around;
    const number = ++this.said;
    const name = this.target();
    const ref = `${device}.${number}`;
    const message = this.inThread({ ref, name, stays: this.staysIn(name) });
    const conversation = this.conversation(message.name);
    ledger.sent(message.ref, { author: person, device, number, conversation });
    this.unanswered.set(message.ref, message);
    const sibling = this.around.sibling();
    if (sibling && chance.happens(0.1)) {
      ledger.loosen(message.ref);
      sibling.send(message);
    }
    this.send(message);
    if (chance.happens(0.1)) this.send(message);
    if (chance.happens(0.05)) this.read(message.name);
  }

  private staysIn(name: string): number {
    const { moves, person } = this.around;
    return isRoom(name) ? moves.staysOf(name, person).length : 0;
  }

  /** Some are said in a thread of the lobby or of a private conversation, from which nobody goes. */
  private inThread(message: Message): Message {
    const { chance } = this.around;
    if (isRoom(message.name) || !chance.happens(0.1)) return message;
    const roots = this.standing().filter(
      ({ ref, name, thread }) =>
        name === message.name && thread === undefined && this.alterations.mayBegin(ref),
    );
    if (roots.length === 0) return message;
    const { ref, seq } = chance.pick(roots);
    this.alterations.keep(ref);
    return { ...message, thread: seq };
  }

  /** What is remembered, with its numbers. */
  private standing(): readonly Standing[] {
    return this.remembered.flatMap((message) => {
      const place = this.around.ledger.entries.get(message.ref)?.place;
      return place ? [{ ...message, seq: place.seq }] : [];
    });
  }

  private target(): string {
    const { chance, others, views } = this.around;
    if (chance.happens(0.3)) return `@${chance.pick(others)}`;
    const { inside } = views;
    return inside.length > 0 && chance.happens(0.5) ? chance.pick(inside) : LOBBY;
  }

  private send({ ref, name, thread }: Message): void {
    const data = textOf(ref);
    const more = thread === undefined ? {} : { thread };
    if (name.startsWith('@')) this.around.send({ type: 3, to: name.slice(1), data, ref, ...more });
    else if (name === LOBBY) this.around.send({ type: 2, data, ref, ...more });
    else this.around.send({ type: 2, room: name, data, ref });
  }

  /** Does not wait to hear that this was heard: a crash loses up to a second of it. */
  private read(name: string): void {
    const { views, send } = this.around;
    const seq = views.get(name)?.last ?? 0;
    const place = name.startsWith('@') ? { to: name.slice(1) } : { room: name };
    send({ type: FrameType.Read, ...place, seq, ref: `${READ}${name}` });
  }

  private conversation(name: string): Conversation {
    return name.startsWith('@') ? conversationOf(this.around.person, name.slice(1)) : name;
  }
}
