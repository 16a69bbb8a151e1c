import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../config/load.js';
import { MemoryPresenceStore } from '../engines/memory/memory-presence-store.js';
import { PeopleList } from '../gateway/presence/people-list.js';
import { PresenceService } from '../presence/presence.service.js';
import { PresencePages } from './presence-pages.js';
import { HandClock } from '../../test/support/hand-clock.js';

/** Counts how often it is asked for a page. */
class CountedStore extends MemoryPresenceStore {
  asked = 0;
  shared = false;

  override get isShared(): boolean {
    return this.shared;
  }

  override page(...given: Parameters<MemoryPresenceStore['page']>) {
    this.asked++;
    return super.page(...given);
  }
}

const settings = loadSettings({ PRESENCE_LIST_MAX: '2' });
const ann = { id: 'a', username: 'ann' };
const ben = { id: 'b', username: 'ben' };
let clock: HandClock;
let store: CountedStore;
let presence: PresenceService;

beforeEach(async () => {
  clock = new HandClock();
  store = new CountedStore();
  presence = new PresenceService(store, clock, clock, settings);
  await presence.arrive(ann, 'a1');
});

describe('Pages of who is here', () => {
  it('are made once per change, by limit and place, and are never older', async () => {
    const pages = new PresencePages(presence);
    const names = async (limit: number, after?: string): Promise<readonly string[]> => {
      const page = await pages.page(after === undefined ? { limit } : { limit, after });
      return (JSON.parse(page) as { items: { username: string }[] }).items.map(
        (one) => one.username,
      );
    };
    for (let i = 0; i < 5; i++) expect(await names(50)).toEqual(['ann']);
    expect(store.asked).toBe(1);
    await presence.arrive(ben, 'b1');
    expect(await names(50)).toEqual(['ann', 'ben']);
    expect(await names(50, 'a')).toEqual(['ben']);
    expect(await names(1)).toEqual(['ann']);
    expect(await names(50)).toEqual(['ann', 'ben']);
    expect(store.asked).toBe(4);
  });

  it('are made for those who ask at once where other nodes change them, too', async () => {
    const pages = new PresencePages(presence);
    store.shared = true;
    await Promise.all([1, 2, 3].map(() => pages.page({ limit: 50 })));
    expect(store.asked).toBe(1);
    await store.arrive(ben, 'elsewhere', 0);
    expect(JSON.parse(await pages.page({ limit: 50 }))).toMatchObject({ total: 2 });
  });
});

describe('The list of who is here', () => {
  it('is made once per change while few are here, also of how many connections somebody has', async () => {
    const people = new PeopleList(presence, clock, settings);
    const first = await people.current();
    expect(await people.current()).toBe(first);
    await presence.arrive(ann, 'a2');
    expect((await people.current()).frame.data).toMatchObject([{ connections: 2 }]);
    await presence.depart(ann, 'a2');
    expect((await people.current()).frame.data).toMatchObject([{ connections: 1 }]);
    expect(store.asked).toBe(3);
  });

  it('is made once a second while many are here, whatever changes', async () => {
    const people = new PeopleList(presence, clock, settings);
    await presence.arrive(ben, 'b1');
    await presence.arrive({ id: 'c', username: 'cat' }, 'c1');
    const first = await people.current();
    await presence.arrive({ id: 'd', username: 'dan' }, 'd1');
    expect(await people.current()).toBe(first);
    clock.time += 1_000;
    expect((await people.current()).frame.total).toBe(4);
  });

  it('is asked for again at once where it could not be made', async () => {
    const people = new PeopleList(presence, clock, settings);
    const page = store.page.bind(store);
    store.page = () => Promise.reject(new Error('gone'));
    await expect(people.current()).rejects.toThrow('gone');
    store.page = page;
    expect((await people.current()).frame.total).toBe(1);
  });
});
