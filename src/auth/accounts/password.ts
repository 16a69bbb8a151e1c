import type { Limits } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';

/** UTF-16 units that one character of a composed password may take. */
const UNITS_PER_CHARACTER = 4;
const LONE_SURROGATE = /\p{Surrogate}/u;
const SPACE = /\p{Space_Separator}/gu;

/**
 * Reads an existing password as RFC 8265 OpaqueString, so that every keyboard's way of writing it
 * is the same.
 * @param field names the password in a refusal
 * @throws Refusal `invalid-field`, before anything is hashed, for what cannot be a password
 */
export function readPassword(text: string, limits: Limits, field: string): string {
  if (text === '' || text.length > limits.passwordMax * UNITS_PER_CHARACTER) refuse(field);
  // The encoder would turn every one of them into the same replacement character.
  if (LONE_SURROGATE.test(text)) refuse(field);
  const password = text.replaceAll(SPACE, ' ').normalize('NFC');
  if (lengthOf(password) > limits.passwordMax) refuse(field);
  return password;
}

/**
 * Reads a new password.
 * @throws Refusal `invalid-field`, also where it is shorter than the setting demands
 */
export function readNewPassword(text: string, limits: Limits, field: string): string {
  const password = readPassword(text, limits, field);
  if (lengthOf(password) < limits.passwordMin) refuse(field);
  return password;
}

function lengthOf(password: string): number {
  return Array.from(password).length;
}

function refuse(field: string): never {
  throw new Refusal('invalid-field', { field });
}
