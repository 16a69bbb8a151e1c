import { describe, expect, it } from '@jest/globals';
import { namedIn } from './mentions.js';

const NAMES = ['bob', 'bobby', '小明', '小', 'a.b', ''];

describe('Names in a text', () => {
  it.each<[text: string, named: readonly string[]]>([
    ['@bob', ['bob']],
    ['hello @bob, how are you?', ['bob']],
    ['@bobby and @bob', ['bobby', 'bob']],
    // Another name, of which this is the beginning.
    ['@bobcat @bob_2', []],
    ['你好@小明早上好', ['小明']],
    ['@小红', ['小']],
    ['@@bob', ['bob']],
    ['@a.b.', ['a.b']],
    ['@axb', []],
    ['bob', []],
    ['@', []],
  ])('%s', (text, named) => {
    const found = namedIn(text, NAMES);
    expect(found.map(({ name }) => name)).toEqual(named);
    for (const { name, start, end } of found) expect(text.slice(start, end)).toBe(`@${name}`);
  });
});
