import { describe, expect, it } from '@jest/globals';
import type { KeyedPerson } from '../../log/message-change.js';
import { mergeReactions, MOST_KINDS, MOST_OWN, type ReactionWish } from './reaction-rules.js';

const person = (id: string) => ({ id, username: id.toUpperCase() });
const wish = (id: string, key: string, op: ReactionWish['op'] = 'add'): ReactionWish => ({
  ...{ person: person(id), key, op },
});
const held = (id: string, key: string): KeyedPerson => ({ person: id, key });
const keys = (count: number) => Array.from({ length: count }, (_, index) => `:${index}:`);

function merge(
  wishes: readonly ReactionWish[],
  counts: Readonly<Record<string, number>> = {},
  before: readonly KeyedPerson[] = [],
) {
  const merged = mergeReactions(wishes, { counts: new Map(Object.entries(counts)), held: before });
  return { ...merged, refusals: merged.refusals.map((one) => one?.details.limit ?? null) };
}

describe('Reactions to one message', () => {
  it('of several people come together, with the counts that result', () => {
    expect(merge([wish('ann', '👍'), wish('ben', '👍'), wish('ben', '🎉')], { '👍': 3 })).toEqual({
      added: [held('ann', '👍'), held('ben', '👍'), held('ben', '🎉')],
      removed: [],
      keys: {
        '👍': { count: 5, added: [person('ann'), person('ben')], removed: [] },
        '🎉': { count: 1, added: [person('ben')], removed: [] },
      },
      refusals: [null, null, null],
    });
  });

  it('change nothing where each is as it was', () => {
    const before = [held('ann', '👍')];
    const nothing = { added: [], removed: [], keys: {} };
    expect(merge([wish('ann', '👍')], { '👍': 1 }, before)).toMatchObject(nothing);
    expect(merge([wish('ben', '👍', 'remove')], { '👍': 1 })).toMatchObject(nothing);
    expect(merge([wish('ben', '👍'), wish('ben', '👍', 'remove')])).toMatchObject(nothing);
  });

  it('may be taken back, down to none', () => {
    const merged = merge([wish('ann', '👍', 'remove')], { '👍': 1 }, [held('ann', '👍')]);
    expect(merged.removed).toEqual([held('ann', '👍')]);
    expect(merged.keys).toEqual({ '👍': { count: 0, added: [], removed: [person('ann')] } });
  });

  it('are of so many kinds at the most, of which one more may come when another is gone', () => {
    const counts = Object.fromEntries(keys(MOST_KINDS).map((key) => [key, 1]));
    expect(merge([wish('ann', '👍')], counts).refusals).toEqual([MOST_KINDS]);
    expect(merge([wish('ann', ':0:')], counts).refusals).toEqual([null]);
    const before = [held('ann', ':0:')];
    const swap = [wish('ann', ':0:', 'remove'), wish('ben', '👍')];
    expect(merge(swap, counts, before).refusals).toEqual([null, null]);
  });

  it('of one person are so many at the most, whatever the others do', () => {
    const counts = Object.fromEntries(keys(MOST_OWN).map((key) => [key, 1]));
    const before = keys(MOST_OWN).map((key) => held('ann', key));
    const merged = merge([wish('ann', '👍'), wish('ben', '👍')], counts, before);
    expect(merged.refusals).toEqual([MOST_OWN, null]);
    expect(merged.added).toEqual([held('ben', '👍')]);
  });

  it('name ten people for each key, and count them all', () => {
    const crowd = Array.from({ length: 12 }, (_, index) => wish(`p${index}`, '👍'));
    const { keys: changed, added } = merge(crowd);
    expect(changed['👍']?.added).toHaveLength(10);
    expect(changed['👍']?.count).toBe(12);
    expect(added).toHaveLength(12);
  });
});
