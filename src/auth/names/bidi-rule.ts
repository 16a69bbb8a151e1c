/*
 * The Bidi Rule of RFC 5893, section 2, for texts of the IdentifierClass. Each character becomes
 * one letter for its Bidi_Class: R (R, AL), A (AN), E (EN), M (NSM), O (ES, CS, ET, ON), L.
 */

const EUROPEAN_DIGIT = /^[0-9\u06F0-\u06F9]$/;
const ARABIC_DIGIT = /^[\u0660-\u0669\u{10D30}-\u{10D39}\u{10D40}-\u{10D49}]$/u;
const NONSPACING_MARK = /^\p{Mn}$/u;
const RIGHT_TO_LEFT =
  /^[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]$/u;
const NEUTRAL =
  /^[!-/:-@[-`{-~\u00B7\u02B9\u02BA\u02C6-\u02CF\u02EC\u0375\u2E2F\u30FB\uA67F\uA717-\uA71F\uA788]$/;

/** Whether a name is displayed in the order of its characters, whatever stands beside it. */
export function obeysBidiRule(text: string): boolean {
  const classes = Array.from(text, classOf).join('');
  if (!/[RA]/.test(classes)) return true;
  const mixesDigits = classes.includes('A') && classes.includes('E');
  return /^R[RAEMO]*$/.test(classes) && /[RAE]M*$/.test(classes) && !mixesDigits;
}

function classOf(character: string): string {
  if (EUROPEAN_DIGIT.test(character)) return 'E';
  if (ARABIC_DIGIT.test(character)) return 'A';
  if (NONSPACING_MARK.test(character)) return 'M';
  if (RIGHT_TO_LEFT.test(character)) return 'R';
  return NEUTRAL.test(character) ? 'O' : 'L';
}
