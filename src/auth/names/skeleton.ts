import { LOOK_ALIKES } from './look-alikes.js';

const PROTOTYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([prototype, characters]) =>
    Array.from(characters, (character) => [character, prototype] as const),
  ),
);

/** The dot of an i or j does not show under a letter with a dot of its own. */
const UNSEEN_DOT = /([lj])\u0307+/g;

/**
 * What a name looks like, after UTS #39, section 4.
 *
 * It starts from the displayed form, because what a letter looks like depends on its case: the
 * Greek Ν looks like an N, but ν like a v. Case is dropped afterwards, so that `paypaI` with a
 * capital i, `paypal` and `PAYPAL` share one skeleton; hence i and l do, too.
 */
export function skeletonOf(displayed: string): string {
  return prototypes(prototypes(displayed.normalize('NFD')).toLowerCase())
    .normalize('NFD')
    .replaceAll(UNSEEN_DOT, '$1');
}

function prototypes(text: string): string {
  return Array.from(text, (character) => PROTOTYPES.get(character) ?? character).join('');
}
