import { RestError, type Tokens } from '../../../client/rest.js';
import type { Texts } from '../language/english.js';
import { rest } from '../session/entry.js';

export const WAYS = ['logIn', 'register', 'guest'] as const;
export type Way = (typeof WAYS)[number];

/** Why somebody was not let in. */
export interface Fault {
  readonly field: string | null;
  readonly text: (texts: Texts) => string;
}

/** Asks the service for tokens. */
export async function asking(
  way: Way,
  username: string,
  password: string,
): Promise<{ readonly tokens: Tokens } | { readonly fault: Fault }> {
  try {
    return { tokens: await ask(way, username.trim(), password) };
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return { fault: { field: error.field, text: (texts) => faultText(error, texts) } };
  }
}

function ask(way: Way, username: string, password: string): Promise<Tokens> {
  switch (way) {
    case 'logIn':
      return rest.login(username, password);
    case 'register':
      return rest.register(username, password);
    case 'guest':
      return rest.guest(username === '' ? undefined : username);
  }
}

function faultText(error: RestError, texts: Texts): string {
  const known = texts.refusals[error.code];
  if (known !== undefined) return known;
  if (error.field === 'username') return texts.invalidUsername;
  return error.field === 'password' ? texts.invalidPassword : texts.somethingWrong;
}
