import { describe, expect, it } from '@jest/globals';
import { Mentionable } from './mentionable.js';

const ROOM = 'harbour';

describe('Whom a text mentions', () => {
  it.each<[text: string, names: readonly string[], all: boolean, named: string, isAll: boolean]>([
    ['hello @bob', ['bob', 'cat'], false, 'bob', false],
    ['hello @all', ['bob'], true, '', true],
    ['大家好@所有人', ['bob'], true, '', true],
    ['@bob and @all', ['bob'], true, 'bob', true],
    ['hello @all', ['bob'], false, '', false],
    ['hello @allan', ['allan'], true, 'allan', false],
    // Somebody is called so, or so begins what would mean everybody.
    ['hello @all', ['all'], true, 'all', false],
    ['@所有人', ['所有'], false, '所有', false],
  ])('%s, among %s, everybody: %s', (text, names, all, named, isAll) => {
    const mentionable = new Mentionable();
    const people = names.map((username) => ({ id: username, username }));
    mentionable.learn(ROOM, { people, all });
    const found = mentionable.within(ROOM, text);
    expect(found.people.map(({ username }) => username).join(' ')).toBe(named);
    expect(found.all).toBe(isAll);
  });
});
