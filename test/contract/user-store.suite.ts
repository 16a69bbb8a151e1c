import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { account, join } from './people.js';

export function userStoreContract(open: EngineFactory): void {
  describe('UserStore', () => {
    let engine: EngineUnderTest;

    beforeEach(async () => {
      engine = await open();
    });

    afterEach(() => engine.dispose());

    it('gives an account back as it was created, by name and by id', async () => {
      const alice = account('Alice');
      expect(await engine.users.create(alice)).toBe(true);
      expect(await engine.users.findByName('alice')).toEqual(alice);
      expect(await engine.users.findById(alice.id)).toEqual(alice);
    });

    it('keeps a guest, who has no password', async () => {
      const guest = account('用户1', { passwordHash: null });
      await engine.users.create(guest);
      expect(await engine.users.findByName('用户1')).toEqual(guest);
    });

    it('knows nobody who was not created', async () => {
      expect(await engine.users.findByName('nobody')).toBeNull();
      expect(await engine.users.findById('nobody')).toBeNull();
    });

    it('compares names by their canonical form only', async () => {
      await engine.users.create(account('Alice'));
      expect(await engine.users.findByName('Alice')).toBeNull();
    });

    it('refuses a name that is taken, and stores nothing of the second account', async () => {
      const first = account('alice');
      const second = account('alice', { skeleton: 'another' });
      await engine.users.create(first);
      expect(await engine.users.create(second)).toBe(false);
      expect(await engine.users.findByName('alice')).toEqual(first);
      expect(await engine.users.findById(second.id)).toBeNull();
    });

    it('refuses a name that looks like another one, and stores nothing', async () => {
      await engine.users.create(account('paypal', { skeleton: 'paypal' }));
      expect(await engine.users.create(account('paypa1', { skeleton: 'paypal' }))).toBe(false);
      expect(await engine.users.findByName('paypa1')).toBeNull();
    });

    it('lets exactly one of fifty racing creations have the name', async () => {
      const rivals = Array.from({ length: 50 }, () => account('alice'));
      const answers = await Promise.all(rivals.map((one) => engine.users.create(one)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await engine.users.findByName('alice')).toEqual(rivals[answers.indexOf(true)]);
    });

    it('lets exactly one of fifty racing look-alikes be created', async () => {
      const rivals = Array.from({ length: 50 }, (_, index) =>
        account(`alice${index}`, { skeleton: 'alice' }),
      );
      const answers = await Promise.all(rivals.map((one) => engine.users.create(one)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    it.each(["' or 1=1 --", '%', '_', 'a"b', 'a\\b', '"; drop table users; --', '$1', '?'])(
      'takes %s literally [S32]',
      async (name) => {
        const odd = account(name);
        await engine.users.create(account('alice'));
        expect(await engine.users.findByName(name)).toBeNull();
        expect(await engine.users.create(odd)).toBe(true);
        expect(await engine.users.findByName(name)).toEqual(odd);
      },
    );

    it('counts guests from 1 and gives each number once, over restarts too', async () => {
      expect(await engine.users.nextGuestNumber()).toBe(1);
      const numbers = await Promise.all(
        Array.from({ length: 50 }, () => engine.users.nextGuestNumber()),
      );
      expect([...numbers].sort((one, other) => one - other)).toEqual(
        Array.from({ length: 50 }, (_, index) => index + 2),
      );
      await engine.reopen();
      expect(await engine.users.nextGuestNumber()).toBe(52);
    });

    it('keeps accounts over a restart', async () => {
      const alice = account('alice');
      await engine.users.create(alice);
      await engine.reopen();
      expect(await engine.users.findById(alice.id)).toEqual(alice);
      expect(await engine.users.create(account('alice'))).toBe(false);
    });

    describe('familiar addresses', () => {
      const NOW = 1_790_000_000_000;

      async function note(userId: string, hash: string, at: number): Promise<void> {
        await engine.users.noteAddress({ hash, userId, at, keep: 3 });
      }

      it('are known from when they were last seen, over a restart too', async () => {
        const { id } = await join(engine, 'alice');
        await note(id, 'home', NOW - 1_000);
        await note(id, 'home', NOW);
        await engine.reopen();
        expect(await engine.users.knowsAddress('home', NOW)).toBe(true);
        expect(await engine.users.knowsAddress('home', NOW + 1)).toBe(false);
        expect(await engine.users.knowsAddress('abroad', 0)).toBe(false);
      });

      it('are so many of an account, those seen last', async () => {
        const { id } = await join(engine, 'alice');
        const other = await join(engine, 'bob');
        await note(other.id, 'of bob', NOW - 1_000);
        for (const [n, hash] of ['a', 'b', 'c', 'd', 'a', 'e'].entries()) {
          await note(id, hash, NOW + n);
        }
        const known = [];
        for (const hash of ['a', 'b', 'c', 'd', 'e', 'of bob']) {
          if (await engine.users.knowsAddress(hash, 0)) known.push(hash);
        }
        expect(known).toEqual(['a', 'd', 'e', 'of bob']);
      });

      it('are forgotten when they were not seen for long', async () => {
        const { id } = await join(engine, 'alice');
        await note(id, 'old', NOW - 1);
        await note(id, 'new', NOW);
        await engine.users.forgetAddresses(NOW);
        expect(await engine.users.knowsAddress('old', 0)).toBe(false);
        expect(await engine.users.knowsAddress('new', 0)).toBe(true);
      });
    });
  });
}
