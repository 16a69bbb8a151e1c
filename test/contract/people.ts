import type { Account } from '../../src/auth/accounts/user-store.js';
import { UlidFactory } from '../../src/kernel/ids.js';
import type { Person } from '../../src/kernel/person.js';
import type { EngineUnderTest } from './engine-under-test.js';

const ids = new UlidFactory();

export function newId(): string {
  return ids.next(Date.now());
}

/** What {@link account} gives those whose password does not matter. */
export const PASSWORD_HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA';

/** An account that can be created, different from every other in what has to differ. */
export function account(username: string, but: Partial<Account> = {}): Account {
  return {
    id: newId(),
    username,
    canonicalName: username.toLowerCase(),
    skeleton: `skeleton of ${username.toLowerCase()}`,
    passwordHash: PASSWORD_HASH,
    createdAt: 1_790_000_000_000,
    ...but,
  };
}

export async function join(engine: EngineUnderTest, username: string): Promise<Person> {
  const { id } = await joined(engine, account(username));
  return { id, username };
}

/** A guest: somebody without a password. */
export async function visit(engine: EngineUnderTest, username: string): Promise<Person> {
  const { id } = await joined(engine, account(username, { passwordHash: null }));
  return { id, username };
}

async function joined(engine: EngineUnderTest, one: Account): Promise<Account> {
  if (!(await engine.users.create(one))) throw new Error('The name is taken');
  return one;
}
