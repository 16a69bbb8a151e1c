import { KEYS } from './keys.js';

/** Shorter names have too many neighbours that mean something else. */
const LEAST_LENGTH_FOR_TWO = 8;

/**
 * The setting that a name was probably meant to be: at most one typo away, two in a long name (a
 * letter left out, added, changed, or two swapped), or the same but for case, dashes or a leading
 * `PARLEY_`.
 * @returns null where it is a setting, or resembles none
 */
export function nearestSetting(name: string): string | null {
  if (Object.hasOwn(KEYS, name)) return null;
  const plain = name
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^PARLEY_/, '');
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const key of Object.keys(KEYS)) {
    const most = key.length >= LEAST_LENGTH_FOR_TWO ? 2 : 1;
    if (Math.abs(key.length - plain.length) > most) continue;
    const slips = slipsBetween(plain, key);
    if (slips <= most && slips < least) [nearest, least] = [key, slips];
  }
  return nearest;
}

/** Names in the environment that were probably meant to be settings, each with the setting. */
export function nearMisses(
  environment: Readonly<Record<string, string | undefined>>,
): readonly (readonly [name: string, setting: string])[] {
  return Object.keys(environment).flatMap((name) => {
    const setting = nearestSetting(name);
    // If the setting itself is set as well, the other name was not meant for it.
    return setting === null || environment[setting] !== undefined ? [] : [[name, setting] as const];
  });
}

/** Edit distance with swaps of neighbours (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const costs = [
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (isSame ? 0 : 1),
        ...(isSwap ? [(before[j - 2] ?? 0) + 1] : []),
      ];
      next.push(Math.min(...costs));
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? 0;
}
