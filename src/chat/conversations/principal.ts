import type { Person } from '../../kernel/person.js';

/**
 * Whoever asks to do something, by kind. A guest is a person here: what distinguishes them (the
 * lack of a password) decides nothing about conversations so far. Bots and keys will be kinds of
 * their own.
 */
export interface PersonPrincipal {
  readonly kind: 'person';
  readonly person: Person;
}

export type Principal = PersonPrincipal;

export function principalOf(person: Person): Principal {
  return { kind: 'person', person };
}
