import { describe, expect, it } from '@jest/globals';
import { readReactionKey } from './reaction-key.js';

describe('The key of a reaction', () => {
  it.each(['👍', '👍🏽', '❤️', '👩‍👩‍👧‍👦', '🇨🇳', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏳️‍🌈', ':party:', ':+1:', ':派对:'])(
    'may be %s',
    (key) => {
      expect(readReactionKey(key)).toBe(key);
    },
  );

  it('is one, whether a picture was asked for or not', () => {
    expect(readReactionKey('❤')).toBe('❤️');
  });

  it.each([
    ...['', 'a', '1', '👍👍', '👍a', ' 👍', '👍 ', ':', '::', ':a b:', ':a', 'a:', '🇨', '\uFE0F'],
    ...['\u200D', '好', '<b>', `:${'x'.repeat(33)}:`, '👍'.repeat(33)],
  ])('is not %j', (key) => {
    expect(readReactionKey(key)).toBeNull();
  });
});
