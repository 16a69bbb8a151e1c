import { FrameType } from '@parley/protocol';
import type { Frame } from '../support/ws-client.js';
import type { Faults } from './faults.js';
import type { Conversation } from './message.js';

/** Somebody comes into a room or goes from it, as it was asked for. */
export interface Move {
  readonly type: typeof FrameType.Join | typeof FrameType.Part;
  readonly how: string;
  /** Where it took place, if the answer says so. */
  seq: number | null;
}

/** An event of a room that is no message. */
export interface Happening {
  readonly type: number;
  readonly id: string;
  /** Its author: of a Join and a Part whoever comes or goes. */
  readonly person: string;
  readonly how: string;
}

/** From the Join to the Part, both included; the last one may go on. */
export interface Stay {
  readonly first: number;
  readonly last: number;
}

/** Keeps who was to come and go, and every event of a room that somebody was told. */
export class Moves {
  private readonly asked = new Map<string, Move[]>();
  private readonly events = new Map<Conversation, Map<number, Happening>>();

  /** What {@link staysOf} found, until there is another event. */
  private readonly stays = new Map<string, readonly Stay[]>();

  constructor(private readonly faults: Faults) {}

  /** How many were asked for. */
  get count(): { readonly joins: number; readonly removals: number; readonly leaves: number } {
    const all = [...this.asked.values()].flat();
    const parts = all.filter(({ type }) => type === FrameType.Part);
    const removals = parts.filter(({ how }) => how === 'kicked').length;
    return { joins: all.length - parts.length, removals, leaves: parts.length - removals };
  }

  /** Before it is asked for: from here on it may be seen. */
  begin(room: Conversation, person: string, move: Omit<Move, 'seq'>): Move {
    const begun = { ...move, seq: null };
    this.askedOf(room, person).push(begun);
    return begun;
  }

  joinsOf(room: Conversation, person: string): number {
    return this.askedOf(room, person).filter(({ type }) => type === FrameType.Join).length;
  }

  /** Whether the person may have gone from the room by now. */
  mayBeOut(room: Conversation, person: string): boolean {
    return this.askedOf(room, person).some(({ type }) => type === FrameType.Part);
  }

  /** Whoever tells of an event must say the same of it. */
  told({ type, room = '', seq = 0, id = '', user, ...rest }: Frame): void {
    const how = 'how' in rest && typeof rest.how === 'string' ? rest.how : '';
    const told: Happening = { type, id, person: user?.username ?? '', how };
    const events = this.eventsOf(room);
    const known = events.get(seq) ?? told;
    if (known === told) this.stays.clear();
    events.set(seq, known);
    const isSame = known.type === type && known.id === id && known.person === told.person;
    if (!isSame || known.how !== how) {
      this.faults.note('moved', `${room} #${seq} is ${describe(known)} and ${describe(told)}`);
    }
  }

  /** By number. */
  eventsOf(room: Conversation): Map<number, Happening> {
    const events = this.events.get(room) ?? new Map<number, Happening>();
    this.events.set(room, events);
    return events;
  }

  staysOf(room: Conversation, person: string): readonly Stay[] {
    const key = `${room} ${person}`;
    const known = this.stays.get(key);
    if (known !== undefined) return known;
    const stays: Stay[] = [];
    for (const [seq, { type }] of this.movesOf(room, person)) {
      if (type === FrameType.Join) stays.push({ first: seq, last: Infinity });
      else stays.push({ first: stays.pop()?.first ?? seq, last: seq });
    }
    this.stays.set(key, stays);
    return stays;
  }

  /** Looks whether what took place is what was asked for: each once, in order, where it was said. */
  compare(): void {
    for (const [key, asked] of this.asked) {
      const [room = '', person = ''] = key.split(' ');
      const found = this.movesOf(room, person);
      for (const [at, { type, how, seq }] of asked.entries()) {
        const [place, event] = found[at] ?? [0, null];
        const what = `${key}: move ${at + 1}, ${type} ${how}`;
        if (event === null) this.faults.note('lost', what);
        else if (event.type !== type || event.how !== how) {
          this.faults.note('reordered', `${what}, is ${describe(event)} at #${place}`);
        } else if (seq !== null && seq !== place) {
          this.faults.note('moved', `${what}, is at #${place}, not at #${seq}`);
        }
      }
      for (const [place, event] of found.slice(asked.length)) {
        this.faults.note('duplicated', `${key}: ${describe(event)} at #${place}`);
      }
    }
  }

  private movesOf(room: Conversation, person: string): readonly (readonly [number, Happening])[] {
    return [...this.eventsOf(room)]
      .filter(([, event]) => event.person === person && isMove(event))
      .sort(([one], [other]) => one - other);
  }

  private askedOf(room: Conversation, person: string): Move[] {
    const key = `${room} ${person}`;
    const asked = this.asked.get(key) ?? [];
    this.asked.set(key, asked);
    return asked;
  }
}

function isMove({ type }: Happening): boolean {
  return type === FrameType.Join || type === FrameType.Part;
}

function describe({ type, id, person, how }: Happening): string {
  return `${type} ${how} of ${person} (${id})`;
}
