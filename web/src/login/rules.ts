import type { EntryOptions } from '@parley/client';
import type { LoginTexts } from '../language/login-texts.js';

/** What somebody may have to change, in the words of the page. */
export type Complaint = (texts: LoginTexts) => string;

/** The service's own lengths; null where it could not be asked, which then says so itself. */
export type Lengths = Pick<EntryOptions, 'username' | 'password'> | null;

const WIDE_AND_NARROW = /[\u3000\uFF01-\uFFEF]/g;
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}]/u;
/** Signs of ASCII, letters, marks and digits; the dots within some Eastern and Catalan names. */
const NO_PART_OF_NAMES = /[^!-~\p{L}\p{M}\p{Nd}\u00B7\u0375\u05F3\u05F4\u30FB\u3007]/u;

/**
 * The rule that a new name breaks, said before the service is asked. The service knows more rules
 * (RFC 8264, 8265), and refuses what is let through here.
 */
export function complaintAboutName(name: string, lengths: Lengths): Complaint | null {
  // As the service reads it: a sign of double width is the sign.
  const read = name.replaceAll(WIDE_AND_NARROW, (sign) => sign.normalize('NFKC')).normalize('NFC');
  if (read === '') return (texts) => texts.nameMissing;
  if (/\s/u.test(read)) return (texts) => texts.nameSpace;
  if (read.startsWith('@')) return (texts) => texts.nameAt;
  if (/[/:]/.test(read)) return (texts) => texts.nameSeparator;
  if (/^\.{1,2}$/.test(read)) return (texts) => texts.nameDots;
  if (UNSEEN.test(read)) return (texts) => texts.nameUnseen;
  const sign = NO_PART_OF_NAMES.exec(read)?.[0];
  if (sign !== undefined) return (texts) => texts.nameSign(sign);
  const max = lengths?.username.max ?? Infinity;
  return Array.from(read).length > max ? (texts) => texts.nameLong(max) : null;
}

/** The rule that a password breaks. @param isNew it is being chosen, not proved */
export function complaintAboutPassword(
  password: string,
  isNew: boolean,
  lengths: Lengths,
): Complaint | null {
  if (password === '') return (texts) => texts.passwordMissing;
  const { min, max } = lengths?.password ?? { min: 0, max: Infinity };
  const length = Array.from(password.normalize('NFC')).length;
  if (length > max) return (texts) => texts.passwordLong(max, length);
  return isNew && length < min ? (texts) => texts.passwordShort(min) : null;
}
