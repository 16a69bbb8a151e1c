import { describe, expect, it } from '@jest/globals';
import { directKey } from '../../chat/conversations/key.js';
import { MOST_WITHHELD, Withheld } from './withheld.js';

describe('What is withheld from somebody who arrives', () => {
  it('is where each conversation goes on, until it is told', () => {
    const withheld = new Withheld();
    const one = directKey('a', 'b');
    const other = directKey('a', 'c');
    for (const seq of [7, 8, 9]) expect(withheld.note(one, seq)).toBe(true);
    withheld.note(other, 3);
    expect(withheld.first()).toEqual([one, 7]);
    withheld.forget(one);
    expect(withheld.first()).toEqual([other, 3]);
    withheld.forget(other);
    expect(withheld.first()).toBeNull();
  });

  it('is bounded, however many people write', () => {
    const withheld = new Withheld();
    for (let i = 0; i < MOST_WITHHELD; i++) {
      expect(withheld.note(directKey('a', `friend-${i}`), 1)).toBe(true);
    }
    expect(withheld.note(directKey('a', 'one too many'), 1)).toBe(false);
    expect(withheld.note(directKey('a', 'friend-0'), 2)).toBe(true);
  });
});
