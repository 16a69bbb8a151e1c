import { Refusal } from '../kernel/refusal.js';

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
