import { describe, expect, it } from '@jest/globals';
import { type ConversationKey, roomKey } from './key.js';
import { PackedPlaces } from './packed-places.js';
import { type Membership, ROLES } from './room.js';

const KEYS = ['d', 'a', 'c', 'e', 'b'].map(roomKey);
const MOST = 1_000;

function place(joined: number): Membership {
  return { role: 'member', joined, left: null };
}

/** Each in the room of its index. */
function places(...keys: readonly ConversationKey[]): PackedPlaces {
  return PackedPlaces.of(keys.map((key, at) => [key, place(at)] as const));
}

describe('The places of a person', () => {
  it.each(ROLES.flatMap((role) => [0, 1, 7, 2 ** 31, 2 ** 50].map((joined) => ({ role, joined }))))(
    'are the same again: $role from $joined',
    (one) => {
      const membership = { ...one, left: null };
      const packed = PackedPlaces.none.with(roomKey('a'), membership);
      expect(packed.get(roomKey('a'))).toEqual(membership);
    },
  );

  it.each([0, 1, 2, 5])('are found by their rooms, of which there are %s', (count) => {
    const own = KEYS.slice(0, count);
    const packed = places(...own);
    expect(packed.keys).toEqual([...own].sort());
    for (const key of [...KEYS, roomKey(''), roomKey('z'), roomKey('bb')]) {
      const at = own.indexOf(key);
      expect(packed.get(key)).toEqual(at < 0 ? null : place(at));
    }
  });

  it.each(KEYS)('have one more, or another in its stead: %s', (key) => {
    const rest = KEYS.filter((other) => other !== key);
    const more = places(...rest).with(key, place(9));
    expect(more.keys).toEqual([...KEYS].sort());
    expect(more.get(key)).toEqual(place(9));
    expect(more.with(key, place(10)).get(key)).toEqual(place(10));
    expect(more.with(key, place(10)).keys).toEqual(more.keys);
    expect(rest.map((other) => more.get(other)?.joined)).toEqual([0, 1, 2, 3]);
  });

  it.each(KEYS)('have one fewer: %s', (key) => {
    const rest = KEYS.filter((other) => other !== key);
    const packed = places(...KEYS);
    const fewer = packed.without(key);
    expect([fewer.keys, fewer.get(key)]).toEqual([[...rest].sort(), null]);
    expect(rest.map((other) => fewer.get(other))).toEqual(rest.map((other) => packed.get(other)));
    expect(fewer.without(key)).toBe(fewer);
  });

  it('are none again where the last one goes', () => {
    expect(places(roomKey('a')).without(roomKey('a'))).toBe(PackedPlaces.none);
    expect(PackedPlaces.of([])).toBe(PackedPlaces.none);
  });

  it('may be as many as somebody can have', () => {
    const keys = Array.from({ length: MOST }, (_, at) => roomKey(String(at)));
    const packed = places(...keys);
    expect(keys.every((key, at) => packed.get(key)?.joined === at)).toBe(true);
  });
});
