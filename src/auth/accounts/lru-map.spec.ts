import { describe, expect, it } from '@jest/globals';
import { LruMap } from './lru-map.js';

describe('LruMap', () => {
  it('holds no more than its capacity, however much is put into it', () => {
    const map = new LruMap<number, string>(100);
    for (let key = 0; key < 10_000; key++) map.set(key, 'value');

    expect(map.size).toBe(100);
    expect(map.get(9_999)).toBe('value');
    expect(map.get(9_899)).toBeUndefined();
  });

  it('drops what was neither read nor written for the longest time', () => {
    const map = new LruMap<string, number>(2);
    map.set('read', 1);
    map.set('forgotten', 2);
    map.get('read');
    map.set('new', 3);

    expect([map.get('read'), map.get('forgotten'), map.get('new')]).toEqual([1, undefined, 3]);
  });

  it('replaces a value in its place', () => {
    const map = new LruMap<string, number>(2);
    map.set('one', 1);
    map.set('one', 2);

    expect([map.size, map.get('one')]).toEqual([1, 2]);
  });
});
