import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../config/load.js';
import { PasswordHasher } from './password-hasher.js';

async function hasherWith(concurrency: number, queue: number): Promise<PasswordHasher> {
  const hasher = new PasswordHasher(
    loadSettings({ HASH_CONCURRENCY: String(concurrency), HASH_QUEUE: String(queue) }),
  );
  await hasher.onModuleInit();
  return hasher;
}

const STRANGER = { address: '192.0.2.1', isFamiliar: false };

let hasher: PasswordHasher;

beforeEach(async () => {
  hasher = await hasherWith(1, 1);
});

describe('PasswordHasher', () => {
  it('makes argon2id hashes of 19 MiB, two passes and one lane, each with its own salt', async () => {
    const [one, other] = [
      await hasher.hash('secret word', STRANGER),
      await hasher.hash('secret word', STRANGER),
    ];

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await hasher.verify(one, 'secret word', STRANGER)).toBe(true);
    expect(await hasher.verify(one, 'secret worD', STRANGER)).toBe(false);
  });

  it('works as hard for nobody as for somebody, and never agrees [S12]', async () => {
    const nobody = hasher.verify(null, 'secret word', STRANGER);
    const waiting = hasher.verify(null, 'secret word', STRANGER);

    await expect(hasher.hash('one too many', STRANGER)).rejects.toMatchObject({ code: 'busy' });
    expect(await Promise.all([nobody, waiting])).toEqual([false, false]);
  });

  it('refuses what finds no place in the line, and takes more when the line is shorter', async () => {
    const stored = await hasher.hash('secret word', STRANGER);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, async () => hasher.verify(stored, 'secret word', STRANGER)),
    );

    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect(outcomes[2]).toMatchObject({
      reason: { code: 'busy', details: { retryAfter: 1_000 } },
    });
    expect(await hasher.verify(stored, 'secret word', STRANGER)).toBe(true);
  });

  it('serves in the order of arrival', async () => {
    const own = await hasherWith(1, 10);
    const order: number[] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (turn) => {
        await own.hash('secret word', STRANGER);
        order.push(turn);
      }),
    );

    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('lets somebody who is known there pass a line of strangers, who are told to come again [S51]', async () => {
    const own = await hasherWith(1, 2);
    const strangers = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(async (address) =>
      own.hash('secret word', { address, isFamiliar: false }),
    );
    const outcomes = Promise.allSettled(strangers);
    await own.hash('secret word', { address: '198.51.100.7', isFamiliar: true });

    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(Object.fromEntries(own.refused.read())).toEqual({ familiar: 0, stranger: 1 });
  });

  it('gives the place on where a hash cannot be read', async () => {
    for (let times = 0; times < 3; times++) {
      await expect(hasher.verify('no hash', 'secret word', STRANGER)).rejects.toThrow();
    }

    expect(await hasher.hash('secret word', STRANGER)).toContain('argon2id');
  });
});
