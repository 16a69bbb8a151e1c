import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PresenceStore } from '../../src/presence/presence-store.js';

export interface PresenceUnderTest {
  readonly presence: PresenceStore;
  dispose(): Promise<void>;
}

const NOW = 1_790_000_000_000;
const ALICE = { id: '01A', username: 'Alice' };
const BOB = { id: '01B', username: '鲍勃' };

export function presenceStoreContract(open: () => Promise<PresenceUnderTest>): void {
  describe('PresenceStore', () => {
    let engine: PresenceUnderTest;
    let presence: PresenceStore;

    beforeEach(async () => {
      engine = await open();
      ({ presence } = engine);
    });

    afterEach(() => engine.dispose());

    async function crowd(count: number): Promise<string[]> {
      const ids = Array.from(
        { length: count },
        (_, index) => `id ${String(index).padStart(4, '0')}`,
      );
      // Not in the order of their ids.
      for (const id of [...ids].reverse()) {
        await presence.arrive({ id, username: `name of ${id}` }, `${id} 1`, NOW);
      }
      return ids;
    }

    it('is empty at first', async () => {
      expect(await presence.count()).toBe(0);
      expect(await presence.page(10)).toEqual({ items: [], total: 0, next: null });
    });

    it('says which of some people are here, by id, each once', async () => {
      await presence.arrive(BOB, 'b1', NOW);
      await presence.arrive(ALICE, 'a1', NOW);
      await presence.arrive(ALICE, 'a2', NOW);
      expect(await presence.among(['01C', BOB.id, ALICE.id, BOB.id])).toEqual([
        { ...ALICE, connections: 2, since: NOW },
        { ...BOB, connections: 1, since: NOW },
      ]);
      await presence.depart(BOB, 'b1');
      expect(await presence.among([BOB.id])).toEqual([]);
      expect(await presence.among([])).toEqual([]);
    });

    it('tells the first connection of a person from the others', async () => {
      expect(await presence.arrive(ALICE, 'a1', NOW)).toBe(true);
      expect(await presence.arrive(ALICE, 'a2', NOW)).toBe(false);
      expect(await presence.arrive(BOB, 'b1', NOW)).toBe(true);
      expect(await presence.count()).toBe(2);
    });

    it('tells the last connection of a person from the others', async () => {
      await presence.arrive(ALICE, 'a1', NOW);
      await presence.arrive(ALICE, 'a2', NOW);
      expect(await presence.depart(ALICE, 'a1')).toBe(false);
      expect(await presence.count()).toBe(1);
      expect(await presence.depart(ALICE, 'a2')).toBe(true);
      expect(await presence.count()).toBe(0);
      expect(await presence.arrive(ALICE, 'a3', NOW)).toBe(true);
    });

    it('counts a connection once, however often it is reported', async () => {
      await presence.arrive(ALICE, 'a1', NOW);
      expect(await presence.arrive(ALICE, 'a1', NOW)).toBe(false);
      expect((await presence.page(1)).items[0]?.connections).toBe(1);
      expect(await presence.depart(ALICE, 'a1')).toBe(true);
      expect(await presence.depart(ALICE, 'a1')).toBe(false);
    });

    it('is not confused by a departure of somebody who never came', async () => {
      await presence.arrive(ALICE, 'a1', NOW);
      expect(await presence.depart(BOB, 'b1')).toBe(false);
      expect(await presence.depart(ALICE, 'a2')).toBe(false);
      expect(await presence.count()).toBe(1);
    });

    it('gives exactly one of fifty racing arrivals the first, and one departure the last [F15]', async () => {
      const connections = Array.from({ length: 50 }, (_, index) => `a${index}`);
      const came = await Promise.all(connections.map((id) => presence.arrive(ALICE, id, NOW)));
      expect(came.filter(Boolean)).toHaveLength(1);
      const went = await Promise.all(connections.map((id) => presence.depart(ALICE, id)));
      expect(went.filter(Boolean)).toHaveLength(1);
    });

    it('says who is here, since when, with how many connections', async () => {
      await presence.arrive(BOB, 'b1', NOW + 5);
      await presence.arrive(ALICE, 'a1', NOW);
      await presence.arrive(ALICE, 'a2', NOW + 9);
      await presence.depart(ALICE, 'a1');
      await presence.arrive(ALICE, 'a3', NOW + 12);
      expect(await presence.page(10)).toEqual({
        items: [
          { ...ALICE, connections: 2, since: NOW },
          { ...BOB, connections: 1, since: NOW + 5 },
        ],
        total: 2,
        next: null,
      });
    });

    it('pages through everybody, by id', async () => {
      const ids = await crowd(25);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await presence.page(10, after);
        expect(page.total).toBe(25);
        seen.push(...page.items.map((one) => one.id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(ids);
    });

    it('has no next page where the last one is full', async () => {
      await crowd(20);
      const first = await presence.page(10);
      const second = await presence.page(10, first.next ?? undefined);
      expect(second.items).toHaveLength(10);
      expect(second.next).toBeNull();
    });

    it('goes on behind a person who has left meanwhile', async () => {
      const ids = await crowd(5);
      const first = await presence.page(2);
      const left = first.items.at(-1);
      if (left !== undefined) await presence.depart(left, `${left.id} 1`);
      const second = await presence.page(10, first.next ?? undefined);
      expect(second.items.map((one) => one.id)).toEqual(ids.slice(2));
    });
  });
}
