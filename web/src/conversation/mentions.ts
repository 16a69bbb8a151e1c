/** A name that a text mentions, where its @ stands and where it ends, in UTF-16 units. */
export interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What mentions everybody in a room, in either language. */
export const EVERYBODY: readonly string[] = ['all', '所有人'];

interface Mentioning {
  readonly mentions?: readonly { readonly username: string }[];
  readonly all: boolean;
}

/** @returns the names that are marked in the text of a message, where they stand behind an @ */
export function namesMarked({ mentions = [], all }: Mentioning): readonly string[] {
  return [...mentions.map(({ username }) => username), ...(all ? EVERYBODY : [])];
}

/** What goes on with a word: a name that ends with a letter of it ends only where the word does. */
const IN_A_WORD = /[a-z0-9_]/i;

/**
 * Finds `@name` for each of the names, the longest first: Chinese is written without spaces, so that
 * nothing else tells where a name ends.
 */
export function namedIn(text: string, names: readonly string[]): readonly Named[] {
  const longest = [...names].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const found: Named[] = [];
  let at = text.indexOf('@');
  while (at >= 0) {
    const start = at;
    const name = longest.find((one) => standsAt(text, start + 1, one));
    if (name !== undefined) found.push({ name, start, end: start + 1 + name.length });
    at = text.indexOf('@', start + 1 + (name?.length ?? 0));
  }
  return found;
}

function standsAt(text: string, at: number, name: string): boolean {
  if (!text.startsWith(name, at)) return false;
  const isWord = IN_A_WORD.test(name.at(-1) ?? '');
  return !(isWord && IN_A_WORD.test(text[at + name.length] ?? ''));
}
