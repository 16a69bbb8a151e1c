import { Refusal } from '../kernel/refusal.js';

/** A query as Express parses it: texts, or lists and objects where a name comes twice. */
export type RawQuery = Readonly<Record<string, unknown>>;

/**
 * Refuses a query in which one of these parameters comes in a form that another parser might read
 * differently: as an array (`limit[]`), or with its name encoded twice. Unknown names pass: they
 * mean nothing to anybody.
 *
 * @param given names as decoded once
 * @throws Refusal `invalid-field`
 */
export function refuseOtherForms(given: Iterable<string>, names: readonly string[]): void {
  for (const name of given) {
    if (names.includes(name)) continue;
    const field = plainName(name);
    if (names.includes(field)) throw new Refusal('invalid-field', { field });
  }
}

/**
 * A whole number in a query. Digits only: `Number` also accepts an empty text, blanks, 0x10 and 1e9.
 * @throws Refusal `invalid-field` for anything else, and beyond the bounds
 */
export function whole(
  query: RawQuery,
  field: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const given = query[field];
  const value = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Refusal('invalid-field', { field });
}

function plainName(name: string): string {
  let plain = name;
  try {
    plain = decodeURIComponent(name);
  } catch {
    // A name that cannot be decoded again is taken as it stands.
  }
  const bracket = plain.search(/[[\].]/);
  return (bracket < 0 ? plain : plain.slice(0, bracket)).trim();
}
