import { Replica } from '../api/messages/replica.js';
import { type Asking, ask, call } from '../api/messages/calls.js';
import { enter, guest, type Place, type Tokens } from '../support/people.js';
import { type AnyClient, type SentFrame, WAYS_IN } from '../support/ways-in.js';
import type { Frame } from '../support/ws-client.js';
import { Chance } from './chance.js';

const EMOJI = ['👍', '🎉', ':ok:'];
/** Away for so many events at the most: longer than a Sync brings. */
const LONGEST_AWAY = 2_500;
/** Events between two looks at the clock. */
const MOST_AT_ONCE = 100;
const LONGEST_FILLER = 150;
/** Messages to which the latest things happen, as in life; now and then to any. */
const RECENT = 200;
const WORD = /word-\d{7}/g;
const ROOM = 'lobby';

export interface AwayOptions {
  readonly place: Place;
  /** What is to happen while people are away. */
  readonly events: number;
  readonly seed: number;
  /** Less happens where it takes longer than this, in milliseconds. */
  readonly longest?: number;
  readonly progress?: (events: number) => void;
}

export interface AwayReport {
  readonly events: number;
  readonly messages: number;
  readonly deleted: number;
  /** Returns, each compared with somebody who was there all the time. */
  readonly returns: number;
  /** Those that took pages and the list of changes. */
  readonly byPages: number;
}

/** Somebody who comes and goes, and what that client has. */
interface Guest {
  readonly way: string;
  readonly tokens: Tokens;
  readonly replica: Replica;
  /** So many events are missed before the next return. */
  away: number;
}

/**
 * Lets people say, edit, delete and react while others, by each way in, are away; whoever comes back
 * must have exactly what somebody has who was there, and nothing that was deleted before.
 *
 * @throws Error at the first difference
 */
export async function away({
  place,
  events,
  seed,
  longest = Infinity,
  progress,
}: AwayOptions): Promise<AwayReport> {
  const chance = new Chance(seed);
  const talk = await Talk.begin(place, chance.fork());
  const guests: Guest[] = [];
  for (const way of Object.keys(WAYS_IN)) {
    const tokens = await guest(place, `guest-${way.replace('.', '-')}`);
    guests.push({ way, tokens, replica: new Replica(), away: chance.below(LONGEST_AWAY) });
  }
  const returns = new Returns(place, talk);
  const end = performance.now() + longest;
  while (talk.events < events && performance.now() < end) {
    const least = Math.min(...guests.map((one) => one.away), events - talk.events, MOST_AT_ONCE);
    const before = talk.events;
    await talk.goOn(least);
    for (const one of guests) {
      one.away -= talk.events - before;
      if (one.away > 0) continue;
      await returns.bring(one);
      one.away = 1 + chance.below(chance.happens(0.3) ? LONGEST_AWAY : 200);
    }
    progress?.(talk.events);
  }
  for (const one of guests) await returns.bring(one);
  await returns.judgePages();
  const { count, byPages } = returns;
  const { messages, deleted } = talk;
  return { events: talk.events, messages, deleted: deleted.size, returns: count, byPages };
}

/** Comes back, and looks at what that brings. */
class Returns {
  count = 0;
  byPages = 0;

  constructor(
    private readonly place: Place,
    private readonly talk: Talk,
  ) {}

  /** @throws Error where something is missing, or was not to be seen */
  async bring({ way, tokens, replica }: Guest): Promise<void> {
    this.count += 1;
    const join = WAYS_IN[way];
    if (join === undefined) throw new Error(`there is no way in by ${way}`);
    const socket = await join(this.place, tokens);
    await this.sync(socket, tokens, replica);
    this.talk.judge(JSON.stringify(socket.frames), `a return by ${way}`);
    await socket.close();
    compare(replica.view(), await this.talk.present(), `a return by ${way}`);
  }

  /** All pages, as somebody sees them who has nothing, and the whole as a file. */
  async judgePages(): Promise<void> {
    const tokens = await guest(this.place, 'late');
    const replica = new Replica();
    await this.page(tokens, replica, 0);
    compare(replica.view(), await this.talk.present(), 'the pages');
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const file = await fetch(`${this.place.url}/rooms/${ROOM}/export`, { headers });
    this.talk.judge(await file.text(), 'the export');
  }

  private async sync(socket: AnyClient, tokens: Tokens, replica: Replica): Promise<void> {
    socket.send({ type: 8, data: { [ROOM]: replica.seq }, ref: 'sync' });
    const { data } = await socket.next({ type: 8, ref: 'sync' }, 60_000);
    const outcome = (data as Record<string, { complete: boolean }>)[ROOM];
    if (outcome?.complete !== true) {
      this.byPages += 1;
      await this.page(tokens, replica, replica.seq);
      return;
    }
    for (const frame of socket.frames) replica.take(frame, ROOM);
  }

  /** What is new page by page, and what became of older messages. */
  private async page(tokens: Tokens, replica: Replica, after: number): Promise<void> {
    for (const list of ['messages', 'changes']) {
      for (let next: number | null = after; next !== null;) {
        const path = `/rooms/${ROOM}/${list}?limit=200&after=${String(next)}`;
        const { status, body } = await call(this.place, tokens, 'GET', path);
        if (status !== 200) throw new Error(`GET ${path} answered ${status}`);
        const { items, head } = body as { items: readonly Frame[]; head: number };
        this.talk.judge(JSON.stringify(items), list);
        for (const item of items) replica.takeItem(item, head);
        replica.seq = Math.max(replica.seq, head);
        next = body['next_after'] as number | null;
      }
    }
  }
}

/** People who talk all the time, and one who hears it all. */
class Talk {
  events = 0;
  messages = 0;
  /** Words of texts that were deleted. */
  readonly deleted = new Set<string>();
  /** By the number of a message: whose it is, and the words of every text that it ever had. */
  private readonly said = new Map<number, { readonly by: number; readonly words: string[] }>();
  private readonly replica = new Replica();
  private heard = 0;
  private words = 0;

  private constructor(
    private readonly authors: readonly Asking[],
    private readonly stays: AnyClient,
    private readonly chance: Chance,
  ) {}

  static async begin(place: Place, chance: Chance): Promise<Talk> {
    const authors = await Promise.all(['ann', 'ben', 'cat'].map((name) => enter(place, name)));
    const stays = await guest(place, 'dan');
    const native = WAYS_IN['native'];
    if (native === undefined) throw new Error('there is no native way in');
    const sockets = authors.map(({ socket }) => socket);
    return new Talk(sockets, await native(place, stays), chance);
  }

  /** All of them at once, each one thing after the other, until so much more has happened. */
  async goOn(count: number): Promise<void> {
    const end = this.events + count;
    await Promise.all(
      this.authors.map(async (socket, by) => {
        while (this.events < end) await this.step(socket, by);
      }),
    );
  }

  /** What somebody has who was there all the time. */
  async present(): Promise<readonly unknown[]> {
    await this.stays.roundTrip();
    const { frames } = this.stays;
    for (; this.heard < frames.length; this.heard++) {
      const frame = frames[this.heard];
      if (frame !== undefined) this.replica.take(frame, ROOM);
    }
    return this.replica.view();
  }

  /** @throws Error where a text has a word that was deleted */
  judge(text: string, where: string): void {
    for (const [word] of text.matchAll(WORD)) {
      if (this.deleted.has(word)) throw new Error(`${word} was deleted, and is in ${where}`);
    }
  }

  private async step(socket: Asking, by: number): Promise<void> {
    const what = this.said.size < 10 ? 0 : this.chance.below(20);
    if (what < 9) await this.say(socket, by);
    else if (what < 13) await this.edit(socket, by);
    else if (what < 15) await this.delete(socket, by);
    else await this.react(socket);
  }

  private async say(socket: Asking, by: number): Promise<void> {
    const [text, word] = this.text();
    const target = this.said.size < 10 ? 0 : this.pick();
    const how = this.chance.below(10);
    const more = target === 0 || how > 2 ? {} : { reply: target };
    const seq = await this.done(socket, { type: 2, data: text, ...more });
    if (seq === 0) return;
    this.messages += 1;
    this.said.set(seq, { by, words: [word] });
  }

  private async edit(socket: Asking, by: number): Promise<void> {
    const target = this.pick(by);
    const [text, word] = this.text();
    // Before it is sent: where its answer is lost, the text may be there all the same.
    const words = this.said.get(target)?.words;
    if (words === undefined) return;
    words.push(word);
    await this.done(socket, { type: 12, target, data: text });
  }

  private async delete(socket: Asking, by: number): Promise<void> {
    const target = this.pick(by);
    const said = this.said.get(target);
    if (said === undefined) return;
    if ((await this.done(socket, { type: 13, target })) === 0) return;
    for (const word of said.words) this.deleted.add(word);
    this.said.delete(target);
  }

  private async react(socket: Asking): Promise<void> {
    const op = this.chance.happens(0.3) ? 'remove' : 'add';
    await this.done(socket, { type: 14, target: this.pick(), data: this.chance.pick(EMOJI), op });
  }

  /** @returns the number of the event; 0 where it was refused */
  private async done(socket: Asking, frame: SentFrame): Promise<number> {
    const { type, seq = 0 } = await ask(socket, frame);
    if (type !== 6) return 0;
    this.events = Math.max(this.events, seq);
    return seq;
  }

  /** The number of a message, of anybody or of one of them; 0 where there is none. */
  private pick(by?: number): number {
    const all = [...this.said.keys()];
    const latest = this.chance.happens(0.8) ? all.slice(-RECENT) : all;
    const seqs = by === undefined ? latest : latest.filter((seq) => this.said.get(seq)?.by === by);
    return seqs.length === 0 ? 0 : this.chance.pick(seqs);
  }

  private text(): readonly [text: string, word: string] {
    const word = `word-${String(++this.words).padStart(7, '0')}`;
    return [`${word} ${'x'.repeat(this.chance.below(LONGEST_FILLER))}`, word];
  }
}

/** @throws Error at the first difference */
function compare(found: readonly unknown[], expected: readonly unknown[], where: string): void {
  const length = Math.max(found.length, expected.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [JSON.stringify(found[at]), JSON.stringify(expected[at])];
    if (one !== other) throw new Error(`${where} has ${one}, not ${other}`);
  }
}
