import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { directKey, roomKey } from '../conversations/key.js';
import { LOBBY } from '../conversations/lobby.js';
import type { ChatEvent, LiveEvent } from '../log/event.js';
import type { PageRequest } from '../log/event-log.js';
import { HandClock, settled } from '../../../test/support/hand-clock.js';
import { Sequencer } from './sequencer.js';

const ROOM = roomKey(LOBBY);
const ANN = { id: '01A', username: 'ann' };
const BEN = { id: '01B', username: 'ben' };
const PRIVATE = directKey(ANN.id, BEN.id);
/** When the people of these tests came. */
const CAME = 1_000;

function event(seq: number, conversation = ROOM, time = CAME + seq): LiveEvent {
  const to = conversation === ROOM ? null : BEN;
  const said = { kind: 'message', target: null, body: 't', origin: 'n.1' };
  return { conversation, seq, n: seq, id: `id ${seq}`, time, author: ANN, to, ...said };
}

function moved(seq: number, kind: 'join' | 'part'): LiveEvent {
  return { ...event(seq, roomKey('dev')), kind };
}

/** A log like the store's; it can be slow, and fail. */
class Log {
  readonly events: ChatEvent[] = [];
  failures = 0;
  reads = 0;

  add(...events: LiveEvent[]): void {
    for (const { origin: _origin, ...rest } of events) this.events.push(rest);
  }

  page(conversation: string, { after, before, limit }: PageRequest): Promise<ChatEvent[]> {
    this.reads++;
    if (this.failures-- > 0) return Promise.reject(new Error('on purpose'));
    const all = this.events.filter((one) => one.conversation === conversation);
    const some =
      after === undefined
        ? all.filter((one) => one.seq < (before ?? Infinity)).slice(-limit)
        : all.filter((one) => one.seq > after).slice(0, limit);
    return Promise.resolve(some);
  }
}

describe('What a lossy bus brings', () => {
  let clock: HandClock;
  let log: Log;
  let sequencer: Sequencer;
  let delivered: LiveEvent[];
  let present: boolean;
  let floor: number | null;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(() => {
    clock = new HandClock();
    log = new Log();
    delivered = [];
    present = true;
    floor = null;
    const following = {
      since: () => (present ? CAME : null),
      floor: () => floor,
      tracked: () => undefined,
    };
    sequencer = new Sequencer(log, clock, clock, following, (batch) => {
      delivered.push(...batch);
    });
    sequencer.begin(ROOM, 0);
  });

  afterEach(() => {
    sequencer.stop();
  });

  function seqs(conversation = ROOM): number[] {
    return delivered.filter((one) => one.conversation === conversation).map((one) => one.seq);
  }

  /** Lets time pass until this many events are delivered. */
  const until = (count: number): Promise<void> => passUntil(() => delivered.length >= count);

  /** Lets time pass until no gap is being filled. */
  const nothingSought = (): Promise<void> => passUntil(() => sequencer.gaps === 0);

  async function passUntil(isSo: () => boolean): Promise<void> {
    for (let passed = 0; !isSo(); passed += 50) {
      if (passed > 60_000) throw new Error('not within a minute');
      await clock.pass(50);
    }
  }

  it('passes at once where it is in order, without a question to the store', () => {
    sequencer.take([event(1), event(2)]);
    sequencer.take([event(3)]);
    expect(seqs()).toEqual([1, 2, 3]);
    expect(log.reads).toBe(0);
  });

  it('is put in order, and nothing passes twice', () => {
    sequencer.take([event(2), event(1), event(1)]);
    sequencer.take([event(4), event(2)]);
    sequencer.take([event(3)]);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(log.reads).toBe(0);
  });

  it('waits where a room is being opened, until it is known where that begins', async () => {
    const room = roomKey('dev');
    const said = [4, 5, 7].map((seq) => event(seq, room));
    sequencer.expect(room);
    sequencer.take(said);
    sequencer.reached(room, 7);
    expect(seqs(room)).toEqual([]);
    expect(log.reads).toBe(0);
    log.add(...[5, 6, 7].map((seq) => event(seq, room)));
    sequencer.begin(room, 4);
    expect(seqs(room)).toEqual([5]);
    await until(3);
    expect(seqs(room)).toEqual([5, 6, 7]);
  });

  it('tells of who came and went though the store was ahead of the bus, each once', () => {
    const room = roomKey('dev');
    const [join, said, part] = [moved(2, 'join'), event(3, room), moved(4, 'part')];
    sequencer.expect(room);
    sequencer.take([join]);
    sequencer.begin(room, 5);
    sequencer.take([join, said, part, part]);
    sequencer.take([moved(6, 'join'), moved(6, 'join')]);
    expect(seqs(room)).toEqual([2, 4, 6]);
  });

  it('is completed from the store, and what came keeps the connection it was said on', async () => {
    log.add(event(1), event(2), event(3));
    sequencer.take([event(3)]);
    await until(3);
    expect(delivered.map((one) => [one.seq, one.origin])).toEqual([
      [1, ''],
      [2, ''],
      [3, 'n.1'],
    ]);
    expect(sequencer.refilled).toBe(2);
  });

  it('is completed where only its number is heard of', async () => {
    log.add(event(1));
    sequencer.reached(ROOM, 1);
    await until(1);
    expect(seqs()).toEqual([1]);
  });

  it('is completed when the store answers again', async () => {
    log.failures = 2;
    log.add(event(1), event(2));
    sequencer.take([event(2)]);
    await until(2);
    expect(seqs()).toEqual([1, 2]);
  });

  it.each([
    ['an event far behind the head', () => sequencer.take([event(9e15)])],
    ['an event just behind a hole', () => sequencer.take([event(4)])],
    ['a number', () => sequencer.reached(ROOM, 9e15)],
    ['the greatest number', () => sequencer.reached(ROOM, Number.MAX_SAFE_INTEGER)],
  ])('does not wait for what the store never had: %s [S47]', async (_, lie) => {
    log.add(event(1), event(2));
    sequencer.take([event(1)]);
    lie();
    await until(2);
    await nothingSought();
    expect([sequencer.gaps, sequencer.size.pending]).toEqual([0, 0]);
    // The next event passes at once, whatever was claimed to follow it.
    sequencer.take([event(3)]);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('passes on while it is lied to again and again, and asks the store in turn [S47]', async () => {
    for (let seq = 1; seq <= 50; seq++) {
      log.add(event(seq));
      sequencer.take([event(9e15 + seq), event(seq), event(8e15 + seq)]);
    }
    expect(seqs()).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    await nothingSought();
    expect(log.reads).toBeLessThan(10);
  });

  it('begins a private conversation with what was said since its people came', async () => {
    log.add(
      event(1, PRIVATE, CAME - 9),
      event(2, PRIVATE, CAME - 1),
      event(3, PRIVATE),
      event(4, PRIVATE),
    );
    sequencer.take([event(4, PRIVATE)]);
    await until(2);
    expect(seqs(PRIVATE)).toEqual([3, 4]);
  });

  it('begins a private conversation where a Sync ended, whenever that was said', async () => {
    log.add(...[1, 2, 3].map((seq) => event(seq, PRIVATE, CAME - 9)), event(4, PRIVATE));
    floor = 1;
    sequencer.take([event(4, PRIVATE)]);
    await until(3);
    expect(seqs(PRIVATE)).toEqual([2, 3, 4]);
  });

  it('lets a private conversation of nobody here pass, and keeps nothing of it', () => {
    present = false;
    sequencer.take([event(7, PRIVATE)]);
    expect(seqs(PRIVATE)).toEqual([7]);
    expect(sequencer.size).toEqual({ tracks: 1, pending: 0 });
  });

  it('waits in bounded memory, and comes all the same', async () => {
    log.failures = 3;
    const many = Array.from({ length: 5_000 }, (_, index) => event(index + 1));
    log.add(...many);
    sequencer.take(many.slice(1));
    expect(sequencer.size.pending).toBeLessThanOrEqual(1_000);
    await until(5_000);
    expect(seqs()).toEqual(many.map((one) => one.seq));
    expect(sequencer.size.pending).toBe(0);
  });

  it('has one order, whatever is lost, repeated and swapped', async () => {
    let seed = 7;
    const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const all = Array.from({ length: 2_000 }, (_, index) => event(index + 1));
    const sent: LiveEvent[] = all.flatMap((one) => {
      log.add(one);
      return chance() < 0.2 ? [] : chance() < 0.1 ? [one, one] : [one];
    });
    sent.sort((a, b) => a.seq + chance() * 20 - (b.seq + chance() * 20));
    for (let at = 0; at < sent.length; at += 7) {
      sequencer.take(sent.slice(at, at + 7));
      if (at % 70 === 0) await settled();
    }
    sequencer.reached(ROOM, 2_000);
    await until(2_000);
    expect(seqs()).toEqual(all.map((one) => one.seq));
    expect(sequencer.size.pending).toBe(0);
  });
});
