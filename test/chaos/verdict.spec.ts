import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Fault, Faults } from './faults.js';
import { Ledger, type Place, type Told } from './ledger.js';
import { LOBBY, textOf } from './message.js';
import { Verdict } from './verdict.js';
import { Moves } from './moves.js';
import { View } from './view.js';

const AT = (seq: number): Place => ({ id: `id-${seq}`, seq });

function told(ref: string, place: Place): Told {
  return { ...place, author: 'ann', conversation: LOBBY, text: textOf(ref) };
}

async function* history(...messages: Told[]): AsyncGenerator<Told> {
  yield* messages;
}

describe('The verdict', () => {
  let faults: Faults;
  let ledger: Ledger;
  let verdict: Verdict;

  beforeEach(() => {
    faults = new Faults();
    ledger = new Ledger(faults);
    verdict = new Verdict(ledger, new Moves(faults), faults);
    for (const number of [1, 2, 3]) {
      ledger.sent(`r${number}`, { author: 'ann', device: 'r', number, conversation: LOBBY });
    }
  });

  /** @returns all that was found wrong */
  async function judged(...messages: Told[]): Promise<Fault[]> {
    await verdict.hold(LOBBY, history(...messages));
    verdict.missing();
    const kinds: Fault[] = ['lost', 'duplicated', 'moved', 'altered', 'gap', 'reordered'];
    return kinds.filter((kind) => faults.count(kind) > 0);
  }

  it('finds nothing where all that was acknowledged stands where it was said to', async () => {
    ledger.ack('r1', AT(1));
    ledger.ack('r1', AT(1));
    expect(await judged(told('r1', AT(1)), told('r2', AT(2)))).toEqual([]);
    expect(verdict.missing()).toEqual({ stored: 1, notStored: 1 });
  });

  it('misses what was acknowledged, and what was delivered', async () => {
    ledger.ack('r2', AT(2));
    expect(await judged(told('r1', AT(1)))).toEqual(['lost']);
    ledger.told(told('r3', AT(3)));
    verdict.missing();
    expect(faults.examples('lost')).toContain('r3, delivered as lobby #3');
  });

  it('sees one message twice', async () => {
    expect(await judged(told('r1', AT(1)), told('r1', AT(2)))).toEqual([
      ...['duplicated', 'moved', 'reordered'],
    ]);
  });

  it('sees that an Ack named another number, or another id', async () => {
    ledger.ack('r1', AT(2));
    ledger.ack('r2', { id: 'another', seq: 2 });
    expect(await judged(told('r1', AT(1)), told('r2', AT(2)))).toEqual(['moved']);
    expect(faults.count('moved')).toBe(2);
  });

  it('sees a text that nobody sent', async () => {
    expect(await judged({ ...told('r1', AT(1)), text: 'r1 something else' })).toEqual(['altered']);
  });

  it('sees a number left out', async () => {
    expect(await judged(told('r1', AT(1)), told('r2', AT(3)))).toEqual(['gap']);
  });

  it('sees another order than that of the connection', async () => {
    expect(await judged(told('r2', AT(1)), told('r1', AT(2)))).toEqual(['reordered']);
  });

  it('lets a message that was given up stand anywhere', async () => {
    ledger.loosen('r1');
    expect(await judged(told('r2', AT(1)), told('r1', AT(2)))).toEqual([]);
  });

  it('sees that somebody was not told', async () => {
    ledger.hole(LOBBY, 1, { person: 'ben', device: 'b' });
    expect(await judged(told('r1', AT(1)))).toEqual(['gap']);
  });
});

describe('What a client has', () => {
  let view: View;

  beforeEach(() => {
    view = new View();
  });

  it('may come live and again before the Sync has ended, and only once from then on', () => {
    expect([7, 1, 2, 1, 3].map((seq) => view.deliver(seq))).toEqual(Array(5).fill(true));
    expect(view.synced(3)).toBe(true);
    expect([4, 4, 3].map((seq) => view.deliver(seq))).toEqual([true, false, false]);
    expect(view.last).toBe(4);
  });

  it('is less than a Sync says where something did not come', () => {
    view.deliver(1);
    expect(view.synced(2)).toBe(false);
  });

  it('has holes where numbers were passed over that no Ack has filled', () => {
    view.synced(0);
    for (const seq of [2, 5]) view.deliver(seq);
    view.have(3);
    expect(view.disconnect()).toEqual([1, 4]);
    expect(view.last).toBe(0);
  });
});
