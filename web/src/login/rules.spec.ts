import { describe, expect, it } from '@jest/globals';
import { LOGIN_TEXTS } from '../language/login-texts.js';
import { complaintAboutName, complaintAboutPassword } from './rules.js';

const { en: english, zh: chinese } = LOGIN_TEXTS;

const LENGTHS = { username: { max: 5 }, password: { min: 12, max: 14 } };

describe('the rules of a name', () => {
  it.each([
    ['', english.nameMissing],
    ['A B', english.nameSpace],
    ['a\u3000b', english.nameSpace],
    ['a\u00A0b', english.nameSpace],
    ['a\tb', english.nameSpace],
    ['@ann', english.nameAt],
    ['＠ann', english.nameAt],
    ['a/b', english.nameSeparator],
    ['a:b', english.nameSeparator],
    ['a：b', english.nameSeparator],
    ['..', english.nameDots],
    ['a\u200Bb', english.nameUnseen],
    ['a\u0007', english.nameUnseen],
    ['a☺', english.nameSign('☺')],
    ['“a”', english.nameSign('“')],
    ['abcdef', english.nameLong(5)],
  ])('say of %p which one it breaks', (name, text) => {
    const complaint = complaintAboutName(name, LENGTHS);
    expect(complaint?.(english)).toBe(text);
    expect(complaint?.(chinese)).toMatch(/\p{Script=Han}/u);
  });

  it.each(['ann', 'Ａｎｎ', '王小明', 'a-b_c', 'Zoë', 'क्षि', 'a.b', 'l·l', 'a@b'])(
    'let %s through',
    (name) => {
      expect(complaintAboutName(name, LENGTHS)).toBeNull();
    },
  );

  it('name no length that the service has not told', () => {
    expect(complaintAboutName('a'.repeat(500), null)).toBeNull();
  });
});

describe('the rules of a password', () => {
  it.each([
    ['', true, english.passwordMissing],
    ['', false, english.passwordMissing],
    ['12345678901', true, english.passwordShort(12)],
    ['12345678901', false, undefined],
    ['123456789012345', true, english.passwordLong(14, 15)],
    ['123456789012345', false, english.passwordLong(14, 15)],
    ['密码密码密码密码密码密码', true, undefined],
    ['\u{1F600}'.repeat(14), true, undefined],
  ])('say of %p (chosen: %p): %s', (password, isNew, text) => {
    expect(complaintAboutPassword(password, isNew, LENGTHS)?.(english)).toBe(text);
  });

  it('name no length that the service has not told', () => {
    expect(complaintAboutPassword('a', true, null)).toBeNull();
    expect(complaintAboutPassword('a'.repeat(500), true, null)).toBeNull();
  });
});
