import type { Person } from '../../kernel/person.js';

/**
 * Who asks to do something, by kind. A guest is a person here: what tells the two apart (whether
 * there is a password) decides nothing about conversations so far. Bots and keys become kinds of
 * their own beside it.
 */
export interface PersonPrincipal {
  readonly kind: 'person';
  readonly person: Person;
}

export type Principal = PersonPrincipal;

export function principalOf(person: Person): Principal {
  return { kind: 'person', person };
}
