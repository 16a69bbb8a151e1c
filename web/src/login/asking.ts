import { RestError, type Tokens } from '@parley/client';
import type { LoginTexts } from '../language/login-texts.js';
import { rest } from '../session/entry.js';
import { complaintAboutName, complaintAboutPassword, type Lengths } from './rules.js';

export const WAYS = ['logIn', 'register', 'guest'] as const;
export type Way = (typeof WAYS)[number];

export type Field = 'username' | 'password';

/** Why somebody was not let in. */
export interface Fault {
  /** Where it is to be mended; null: not in the form. */
  readonly field: Field | null;
  readonly text: (texts: LoginTexts) => string;
}

export interface Request {
  readonly way: Way;
  /** Without the spaces around it. Empty: a guest who is given one. */
  readonly username: string;
  readonly password: string;
}

/** What can be said without asking the service. */
export function faultOf({ way, username, password }: Request, lengths: Lengths): Fault | null {
  if (way === 'guest' && username === '') return null;
  const aboutName =
    way === 'logIn' && username !== '' ? null : complaintAboutName(username, lengths);
  if (aboutName !== null) return { field: 'username', text: aboutName };
  if (way === 'guest') return null;
  const aboutPassword = complaintAboutPassword(password, way === 'register', lengths);
  return aboutPassword === null ? null : { field: 'password', text: aboutPassword };
}

/** Asks the service for tokens. */
export async function asking(
  request: Request,
  lengths: Lengths,
): Promise<{ readonly tokens: Tokens } | { readonly fault: Fault }> {
  try {
    return { tokens: await ask(request) };
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return { fault: { field: fieldOf(error), text: (texts) => faultText(error, texts, lengths) } };
  }
}

function ask({ way, username, password }: Request): Promise<Tokens> {
  switch (way) {
    case 'logIn':
      return rest.login(username, password);
    case 'register':
      return rest.register(username, password);
    case 'guest':
      return rest.guest(username === '' ? undefined : username);
  }
}

/** The service does not say which of the two was wrong; most often it is the password. */
function fieldOf({ code, field }: RestError): Field | null {
  if (code === 'invalid-credentials') return 'password';
  return field === 'username' || field === 'password' ? field : null;
}

function faultText(error: RestError, texts: LoginTexts, lengths: Lengths): string {
  if (error.code === 'username-invalid') return texts.nameRules(lengths?.username.max ?? null);
  const known = texts.refusals[error.code];
  if (known !== undefined) return known;
  return error.field === 'password' ? texts.invalidPassword : texts.somethingWrong;
}
