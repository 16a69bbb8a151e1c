import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Random } from '../../conformance/random.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join as joinNatively, type Tokens } from '../../support/people.js';
import type { ChatSocket, Frame } from '../../support/ws-client.js';
import { type Answer, type Asking, ask, call } from './calls.js';
import { Replica } from './replica.js';

const STEPS = 150;
const EMOJI = ['👍', '🎉', ':ok:'];

/** One who was here all the time, one who comes and goes, and some who talk. */
class Talk {
  readonly deleted: string[] = [];
  /** By the number of a message: whose it is, and every text that it ever had. */
  private readonly said = new Map<number, { readonly by: number; readonly texts: string[] }>();
  private tokens = 0;

  constructor(
    private readonly authors: readonly Asking[],
    private readonly random: Random,
  ) {}

  async step(): Promise<void> {
    const by = this.random.below(this.authors.length);
    const socket = this.authors[by];
    if (socket === undefined) return;
    const seqs = [...this.said.keys()];
    const target = seqs[this.random.below(seqs.length)] ?? 0;
    const own = seqs.filter((seq) => this.said.get(seq)?.by === by);
    const mine = own[this.random.below(own.length)] ?? 0;
    const what = seqs.length < 3 ? 0 : this.random.below(10);
    if (what < 4) await this.say(socket, by, target);
    else if (what < 6) await this.edit(socket, mine);
    else if (what < 7) await this.delete(socket, mine);
    else await this.react(socket, target);
  }

  private async say(socket: Asking, by: number, target: number): Promise<void> {
    const text = this.text();
    const reply = target > 0 && this.random.below(3) === 0 ? { reply: target } : {};
    const answer = await ask(socket, { type: 2, data: text, ...reply });
    if (answer.type === 6) this.said.set(answer.seq ?? 0, { by, texts: [text] });
  }

  private async edit(socket: Asking, target: number): Promise<void> {
    const text = this.text();
    const answer = await ask(socket, { type: 12, target: Math.max(1, target), data: text });
    if (answer.type === 6) this.said.get(target)?.texts.push(text);
  }

  private async delete(socket: Asking, target: number): Promise<void> {
    const answer = await ask(socket, { type: 13, target: Math.max(1, target) });
    if (answer.type === 6) this.deleted.push(...(this.said.get(target)?.texts ?? []));
  }

  private async react(socket: Asking, target: number): Promise<void> {
    const data = this.random.pick(EMOJI);
    const op = this.random.below(3) === 0 ? 'remove' : 'add';
    await ask(socket, { type: 14, target: Math.max(1, target), data, op });
  }

  private text(): string {
    return `word-${String(++this.tokens).padStart(4, '0')}-${'x'.repeat(this.random.below(3_000))}.`;
  }
}

function wordsIn(frames: readonly Frame[], words: readonly string[]): readonly string[] {
  const text = JSON.stringify(frames);
  return words.filter((word) => text.includes(word.slice(0, 10)));
}

/** Comes, asks for what it missed, and has it. */
async function catchUp(place: RunningApp, tokens: Tokens, replica: Replica): Promise<ChatSocket> {
  const socket = await joinNatively(place, tokens);
  socket.send({ type: 8, data: { lobby: replica.seq }, ref: 'sync' });
  await socket.next({ type: 8, ref: 'sync' });
  for (const frame of socket.frames) replica.take(frame, 'lobby');
  return socket;
}

describe('Messages that change, at random', () => {
  it.each([1, 2, 3])(
    'are to whoever comes and goes what they are to those who stay, and what is deleted is never seen again (seed %i)',
    async (seed) => {
      const random = new Random(seed);
      const place = await startApp();
      const authors = await Promise.all(['ann', 'ben', 'cat'].map((name) => enter(place, name)));
      const stays = await enter(place, 'dan');
      const comes = await guest(place, 'eve');
      const replica = new Replica();
      const talk = new Talk(
        authors.map(({ socket }) => socket),
        random,
      );
      for (let step = 0; step < STEPS; step++) {
        await talk.step();
        if (random.below(12) !== 0) continue;
        const gone = [...talk.deleted];
        const socket = await catchUp(place, comes, replica);
        expect(wordsIn(socket.frames, gone)).toEqual([]);
        await socket.close();
      }
      expect(talk.deleted.length).toBeGreaterThan(5);
      const late = await catchUp(place, comes, replica);
      await stays.socket.roundTrip();
      const present = new Replica();
      for (const frame of stays.socket.frames) present.take(frame, 'lobby');
      expect(replica.view()).toEqual(present.view());
      expect(await pages(place, comes)).toEqual(present.view());
      expect(wordsIn(late.frames, talk.deleted)).toEqual([]);
      await expectNowhere(place, comes, talk.deleted);
    },
  );
});

/** All of the room as its pages show it, in the form of a replica's view. */
async function pages(place: RunningApp, reader: Tokens): Promise<readonly unknown[]> {
  const view: unknown[] = [];
  for (let after: number | null = 0; after !== null;) {
    const path = `/rooms/lobby/messages?limit=100&after=${String(after)}`;
    const { body }: Answer = await call(place, reader, 'GET', path);
    for (const item of body['items'] as readonly Record<string, unknown>[]) {
      const reactions = (item['reactions'] ?? []) as readonly { key: string; count: number }[];
      const counts = reactions.map(({ key, count }) => [key, count]).sort();
      view.push([item['seq'], item['data'], item['deleted'] !== undefined, counts]);
    }
    after = body['next_after'] as number | null;
  }
  return view;
}

/** By no call, and in no file once the service has stopped. */
async function expectNowhere(
  place: RunningApp,
  reader: Tokens,
  words: readonly string[],
): Promise<void> {
  const headers = { authorization: `Bearer ${reader.access_token}` };
  for (const path of ['messages?limit=200', 'changes?limit=200', 'pins', 'export']) {
    const text = await (await fetch(`${place.url}/rooms/lobby/${path}`, { headers })).text();
    expect(words.filter((word) => text.includes(word.slice(0, 10)))).toEqual([]);
  }
  await place.app.close();
  const entries = readdirSync(place.dataDir, { withFileTypes: true });
  for (const { name: file } of entries.filter((entry) => entry.isFile())) {
    const bytes = readFileSync(join(place.dataDir, file));
    const found = words.filter((word) => bytes.includes(word.slice(0, 10)));
    expect({ file, found }).toEqual({ file, found: [] });
  }
}
