import { describe, expect, it } from '@jest/globals';
import { type PresencePage, RestError } from '@parley/client';
import type { PresenceFrame } from '@parley/protocol';
import { People } from './people.js';

function person(name: string) {
  return { id: `id-${name}`, username: name };
}

function presence(type: 4 | 5, name: string): PresenceFrame {
  return { type, user: person(name), data: '', time: 0 };
}

function nobody(): Promise<PresencePage> {
  return Promise.reject(new RestError(0, 'unreachable', null, 0));
}

function names(people: People, wanted = ''): readonly string[] {
  return people.find(wanted).map(({ username }) => username);
}

describe('People', () => {
  it('follows comings and goings', () => {
    const people = new People(nobody);
    people.replace([person('bob'), person('Ada')], 2);
    people.apply([presence(4, 'carol'), presence(5, 'bob'), presence(4, 'carol')]);
    expect(names(people)).toEqual(['Ada', 'carol']);
    expect(people.count).toBe(2);
    expect(people.presenceOf('bob')).toBe('away');
    expect(people.presenceOf('CAROL')).toBe('online');
    expect(people.spelling('ADA')).toBe('Ada');
  });

  it('claims to know nobody before the list came, nor after the connection went', () => {
    const people = new People(nobody);
    people.apply([presence(4, 'bob')]);
    expect(people.isKnown.value).toBe(false);
    expect(people.presenceOf('bob')).toBeNull();
    people.replace([person('bob')], 1);
    expect(people.presenceOf('bob')).toBe('online');
    people.forget();
    expect(people.presenceOf('bob')).toBeNull();
  });

  it('does not call somebody away whom a large room may hold unnamed', () => {
    const people = new People(nobody);
    people.replace([person('bob')], 5_000);
    expect(people.presenceOf('bob')).toBe('online');
    expect(people.presenceOf('carol')).toBeNull();
  });

  it('finds people by a part of their name, however it is written', () => {
    const people = new People(nobody);
    people.replace([person('Jörg'), person('王小明'), person('jonas')], 3);
    expect(names(people, ' J ')).toEqual(['jonas', 'Jörg']);
    expect(names(people, '小明')).toEqual(['王小明']);
    expect(names(people, 'ｊｏ')).toEqual(['jonas']);
    expect(names(people, '[')).toEqual([]);
  });

  it('counts those in a large room whom it does not know by name', () => {
    const people = new People(nobody);
    people.replace([person('bob')], 5_000);
    people.apply([presence(5, 'somebody'), presence(4, 'carol')]);
    expect(people.count).toBe(5_000);
  });

  it('gets to know them, page by page, when they are looked for', async () => {
    const page = (name: string, next: string | null): PresencePage => ({
      items: [{ ...person(name), connections: 1, since: 0 }],
      total: 2,
      next,
    });
    const people = new People((_, after) =>
      Promise.resolve(after === undefined ? page('ada', 'ada') : page('bob', null)),
    );
    people.replace([person('ada')], 2);
    await people.nameEverybody();
    expect(names(people, 'bob')).toEqual(['bob']);
    expect(people.count).toBe(2);
  });

  it('keeps those whom it knows where the service is away', async () => {
    const people = new People(nobody);
    people.replace([person('ada')], 2);
    await people.nameEverybody();
    expect(names(people)).toEqual(['ada']);
  });
});
