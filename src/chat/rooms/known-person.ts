import type { UserDirectory } from '../../auth/accounts/user-directory.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';

/** @throws Refusal `unknown-recipient`, by rejection, where nobody has that name */
export async function knownPerson(
  users: UserDirectory,
  username: string,
  field = 'username',
): Promise<Person> {
  const person = await users.findByName(username);
  if (person === null) throw new Refusal('unknown-recipient', { field });
  return person;
}
