/*
 * IdentifierClass of RFC 8264, section 9, derived from the Unicode properties that the runtime
 * knows: a new Unicode version comes with the runtime, not with a table.
 */

const ASCII7 = /^[!-~]$/;
const LETTER_OR_DIGIT = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const OLD_HANGUL_JAMO = /^[\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB]$/;

/** RFC 5892, 2.6: valid in spite of their properties. */
const ALLOWED = new Set('\u00DF\u03C2\u06FD\u06FE\u0F0B\u3007');
/** RFC 5892, 2.6: valid only where {@link isInContext} says so. */
const CONTEXTUAL = new Set('\u00B7\u0375\u05F3\u05F4\u30FB');
/** RFC 5892, 2.6: not valid in spite of their properties. */
const FORBIDDEN = new Set('\u0640\u07FA\u302E\u302F\u3031\u3032\u3033\u3034\u3035\u303B');

/** RFC 5892, appendix A, without the joiners: they are invisible, so no name holds them. */
const OUT_OF_CONTEXT =
  /(?<!l)\u00B7|\u00B7(?!l)|\u0375(?!\p{Script=Greek})|(?<!\p{Script=Hebrew})[\u05F3\u05F4]/iu;
const KATAKANA_MIDDLE_DOT = '\u30FB';
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
const ARABIC_INDIC_DIGIT = /[\u0660-\u0669]/;
const EXTENDED_ARABIC_INDIC_DIGIT = /[\u06F0-\u06F9]/;

/** @param text in NFC */
export function isIdentifier(text: string): boolean {
  return Array.from(text).every(isValidCodePoint) && isInContext(text);
}

function isValidCodePoint(character: string): boolean {
  if (ASCII7.test(character) || ALLOWED.has(character) || CONTEXTUAL.has(character)) return true;
  return (
    LETTER_OR_DIGIT.test(character) &&
    !FORBIDDEN.has(character) &&
    !OLD_HANGUL_JAMO.test(character) &&
    !IGNORABLE.test(character) &&
    character.normalize('NFKC') === character
  );
}

function isInContext(text: string): boolean {
  if (OUT_OF_CONTEXT.test(text)) return false;
  if (text.includes(KATAKANA_MIDDLE_DOT) && !JAPANESE.test(text)) return false;
  return !(ARABIC_INDIC_DIGIT.test(text) && EXTENDED_ARABIC_INDIC_DIGIT.test(text));
}
