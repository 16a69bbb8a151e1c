import { Refusal } from '../../kernel/refusal.js';
import { obeysBidiRule } from './bidi-rule.js';
import { isIdentifier } from './identifier-class.js';
import { isReserved } from './reserved.js';
import { skeletonOf } from './skeleton.js';

/** A name in the three forms that are stored of it. */
export interface Username {
  /** As displayed: wide and narrow forms made ordinary, NFC, the case as written. */
  readonly displayed: string;
  /** As compared (RFC 8265 UsernameCaseMapped). */
  readonly canonical: string;
  /** What it looks like: names that people could mistake for each other share it. */
  readonly skeleton: string;
}

/** UTF-16 units that one code point of a composed name may take. */
const UNITS_PER_CODE_POINT = 8;

const WIDE_AND_NARROW = /[\u3000\uFF01-\uFFEF]/g;

/** `@` introduces a name; `/` and `:` separate it from its neighbours; `.` and `..` mean paths. */
const RESERVED_SYNTAX = /^@|[/:]|^\.{1,2}$/;

/** Marks without a letter, piled up, or doubled: they spill over whatever is around the name. */
const STRAY_MARKS = /^\p{M}|\p{Mn}{5}|(\p{Mn})\1/u;

/**
 * Reads a name that somebody wants to have.
 * @param maxLength code points
 * @throws Refusal `username-invalid`, or `username-taken` for a reserved name
 */
export function parseUsername(text: string, maxLength: number): Username {
  const name = readUsername(text, maxLength);
  if (name === null) throw new Refusal('username-invalid', { field: 'username' });
  if (isReserved(name.displayed)) throw new Refusal('username-taken', { field: 'username' });
  return name;
}

/** Reads a name that somebody may already have. @returns null where nobody can have it */
export function readUsername(text: string, maxLength: number): Username | null {
  // Checked first, so that no text is too long for what follows.
  if (text === '' || text.length > maxLength * UNITS_PER_CODE_POINT) return null;
  const displayed = text
    .replaceAll(WIDE_AND_NARROW, (character) => character.normalize('NFKC'))
    .normalize('NFC');
  const canonical = displayed.toLowerCase().normalize('NFC');
  const acceptable =
    Array.from(displayed).length <= maxLength &&
    isIdentifier(displayed) &&
    isIdentifier(canonical) &&
    isStable(canonical) &&
    obeysBidiRule(canonical) &&
    !RESERVED_SYNTAX.test(displayed) &&
    !STRAY_MARKS.test(displayed.normalize('NFD'));
  return acceptable ? { displayed, canonical, skeleton: skeletonOf(displayed) } : null;
}

/** A name whose canonical form changes when canonicalised again could never be looked up. */
function isStable(canonical: string): boolean {
  return canonical.toLowerCase().normalize('NFC') === canonical;
}
