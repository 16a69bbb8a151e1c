import { describe, expect, it } from '@jest/globals';
import { clusterAt, codePointsOf, fold, isMark, isOfRun, isOfWord } from './characters.js';

/** All that a text can have in one UTF-16 unit, halves of others among them. */
const UNITS = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
const INVISIBLE = '\u2060';

describe('A character', () => {
  it.each([
    ['a letter', 'a', [false, false, true]],
    ['a digit', '7', [false, false, true]],
    ['a letter of another script', 'ж', [false, false, true]],
    ['an ideograph', '张', [false, true, true]],
    ['one beyond the first plane', '𠮷', [false, true, true]],
    ['the long mark of Kana', 'ー', [false, true, true]],
    ['an accent', '\u0301', [true, false, false]],
    ['a sign', '%', [false, false, false]],
    ['a radical of Han, which is a sign', '\u2e80', [false, false, false]],
    ['a sign among ideographs', '〜', [false, false, false]],
    ['half of a character', '\ud842', [false, false, false]],
  ])('%s is known, at first and again', (_what, character, expected) => {
    const look = () => [isMark(character), isOfRun(character), isOfWord(character)];
    expect([look(), look()]).toEqual([expected, expected]);
  });

  it('is folded in the same way, however many others were met', () => {
    const once = UNITS.map(fold);
    expect(UNITS.map(fold)).toEqual(once);
    // What is invisible keeps it from being looked up.
    expect(UNITS.map((unit) => fold(unit + INVISIBLE))).toEqual(once);
  });

  it.each([
    ['nothing follows', 'a', 'a'],
    ['another follows', 'ab', 'a'],
    ['accents follow', 'e\u0301\u0302x', 'e\u0301\u0302'],
    ['something invisible follows', 'a\u200d\u00adb', 'a\u200d\u00ad'],
    ['its variation follows, beyond the first plane', '葛\u{e0100}城', '葛\u{e0100}'],
    ['Jamo follow', '\u1112\u1161\u11abx', '\u1112\u1161\u11ab'],
  ])('has attached to it what it has where %s', (_what, text, expected) => {
    expect(clusterAt(text, 0)).toBe(expected);
  });

  it('counts once, in one unit or in two', () => {
    expect(['', 'ab', '𠮷野', '\ud842', 'a\u0301'].map(codePointsOf)).toEqual([0, 2, 2, 1, 2]);
  });
});
