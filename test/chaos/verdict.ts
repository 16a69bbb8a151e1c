import type { Crowd } from './crowd.js';
import type { Faults } from './faults.js';
import type { Entry, Hole, Ledger, Told } from './ledger.js';
import type { Counted } from './reading.js';
import { type Conversation, conversationOf, LOBBY } from './message.js';
import type { Moves, Stay } from './moves.js';
import { isRoom, ROOMS } from './rooms.js';
import type { RoomView } from './room-view.js';
import { Threads } from './threads.js';
import type { Talker } from './talker.js';

/** What became of the messages that nobody knows the fate of but the history. */
export interface Unanswered {
  readonly stored: number;
  readonly notStored: number;
}

/** Holds what the service has kept against the ledger. */
export class Verdict {
  private readonly found = new Set<Entry>();
  /** Each conversation as it was found. */
  readonly counted = new Map<Conversation, Counted>();

  constructor(
    private readonly ledger: Ledger,
    private readonly moves: Moves,
    private readonly faults: Faults,
  ) {}

  get stored(): number {
    return this.found.size;
  }

  /** Reads everything, and looks at everything that was sent. */
  async reach(crowd: Crowd): Promise<Unanswered> {
    for (const { name, history, me } of crowd.histories()) {
      const conversation = name.startsWith('@') ? conversationOf(me, name.slice(1)) : name;
      await this.hold(conversation, history.read(name));
    }
    this.moves.compare();
    this.ledger.changes.compare(this.ledger.entries);
    for (const talker of crowd.everybody) this.holdAgainst(talker);
    return this.missing();
  }

  /** @param history the whole of a conversation */
  async hold(conversation: Conversation, history: AsyncIterable<Told>): Promise<void> {
    const lastOf = new Map<string, number>();
    const events = this.moves.eventsOf(conversation);
    const counts: number[] = [];
    const gone: number[] = [];
    const threads = new Threads(conversation, this.faults);
    let seq = 0;
    const next = (): number => {
      seq += 1;
      while (events.has(seq)) this.judgeHoles(conversation, seq++, null);
      return seq;
    };
    for await (const message of history) {
      next();
      threads.take(message);
      if (!isAside(message)) counts.push(message.seq);
      if (!isAside(message) && message.item?.deleted !== undefined) gone.push(message.seq);
      if (message.seq !== seq) {
        this.faults.note('gap', `${conversation} has #${message.seq} where #${seq} should be`);
        seq = message.seq;
      }
      const entry = this.ledger.told(message);
      if (!entry) continue;
      const what = `${conversation} #${seq}, ${entry.device}.${entry.number}`;
      if (this.found.has(entry)) this.faults.note('duplicated', what);
      this.found.add(entry);
      if (!entry.loose) {
        if ((lastOf.get(entry.device) ?? 0) >= entry.number) this.faults.note('reordered', what);
        lastOf.set(entry.device, entry.number);
      }
      const ref = this.ledger.refAt(conversation, seq);
      if (ref !== null) this.ledger.changes.judge(ref, { ...entry, seq }, message);
      this.judgeHoles(conversation, seq, entry);
      this.judgeAuthor(entry, seq);
    }
    threads.compare();
    this.counted.set(conversation, { head: next() - 1, messages: counts, gone });
  }

  /** @param entry the message that stands there; null: something else does */
  private judgeHoles(conversation: Conversation, seq: number, entry: Entry | null): void {
    for (const hole of this.ledger.holesAt(conversation, seq)) {
      if (entry !== null && isOwn(hole, entry)) continue;
      this.faults.note('gap', `${hole.device} was not told ${conversation} #${seq}`);
    }
  }

  private judgeAuthor({ author, conversation, device, number }: Entry, seq: number): void {
    if (!isRoom(conversation)) return;
    const stays = this.moves.staysOf(conversation, author);
    if (stays.some(({ first, last }) => first < seq && seq < last)) return;
    this.faults.note('outside', `${conversation} #${seq}, ${device}.${number}`);
  }

  /** What a device has at the end, and what it was told of rooms on the way. */
  private holdAgainst(talker: Talker): void {
    for (const [name, conversation, last] of talker.positions()) {
      const head = this.counted.get(conversation)?.head ?? 0;
      const room = talker.views.rooms.get(name);
      if (room !== undefined && this.hasGone(talker, name, last)) continue;
      if (last === head) continue;
      const has = `${talker.device} has ${conversation} up to ${last} of ${head}`;
      const inside = room === undefined ? '' : `, ${room.isInside ? 'in it' : 'out of it'}`;
      const stays = describe(this.moves.staysOf(conversation, talker.person));
      this.faults.note('gap', `${has}${inside}; stays: ${stays}`);
    }
    for (const [name, view] of talker.views.rooms) this.judgeSightings(talker, name, view);
  }

  /** Whoever is out of a room, has it up to one of the own Parts, or was never told of it. */
  private hasGone({ person }: Talker, room: Conversation, last: number): boolean {
    const stays = this.moves.staysOf(room, person);
    if (stays.at(-1)?.last === Infinity) return false;
    return last === 0 || stays.some((stay) => stay.last === last);
  }

  private judgeSightings({ person, device }: Talker, name: Conversation, view: RoomView): void {
    const isFromJoin = ROOMS.some((room) => room.name === name && room.history === 'joined');
    const stays = this.moves.staysOf(name, person);
    for (const { first, last, joins } of view.sightings) {
      const had = stays.slice(0, joins);
      for (let seq = first; seq <= last; seq++) {
        if (isFromJoin ? had.some((stay) => isIn(stay, seq)) : seq <= (had.at(-1)?.last ?? 0)) {
          continue;
        }
        const after = `after ${joins} joins`;
        this.faults.note(
          'beyond',
          `${device}: ${name} #${seq}, ${after}; stays: ${describe(stays)}`,
        );
      }
    }
  }

  /** Looks for what was sent and not found. */
  missing(): Unanswered {
    let stored = 0;
    let notStored = 0;
    for (const [ref, entry] of this.ledger.entries) {
      const isFound = this.found.has(entry);
      if (!isFound && entry.place) {
        const how = entry.acknowledged ? 'acknowledged' : 'delivered';
        this.faults.note('lost', `${ref}, ${how} as ${entry.conversation} #${entry.place.seq}`);
      }
      if (entry.acknowledged) continue;
      if (isFound) stored += 1;
      else notStored += 1;
    }
    return { stored, notStored };
  }
}

/** What is said in a thread alone counts as unread there. */
function isAside({ item }: Told): boolean {
  return typeof item?.thread === 'number' && item.also !== true;
}

/** The socket that says something in private gets the Ack in its place, perhaps too late. */
function isOwn(hole: Hole, entry: Entry): boolean {
  const isSender = entry.device === hole.device || entry.loose;
  return entry.conversation !== LOBBY && entry.author === hole.person && isSender;
}

function describe(stays: readonly Stay[]): string {
  return stays.map(({ first, last }) => `${first} to ${last}`).join(', ') || 'none';
}

function isIn({ first, last }: Stay, seq: number): boolean {
  return first <= seq && seq <= last;
}
