import { describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import type { PeopleFrame } from './frames.js';
import { ListTexts } from './list-texts.js';

function list(...names: readonly string[]): PeopleFrame {
  const data = names.map((username) => ({ id: `id of ${username}`, username, connections: 1 }));
  return { type: FrameType.GroupList, user: null, data, total: names.length };
}

describe('The texts of a list', () => {
  it('are made once for a list, whatever refs it is asked under', () => {
    let made = 0;
    const texts = new ListTexts((frame) => {
      made++;
      return JSON.stringify(frame);
    });
    const frame = list('ann', '"], "ben');
    const refs = ['a', '"', '\\', '\u2028', '{}', 'r'.repeat(64)];
    for (const ref of refs)
      expect(JSON.parse(texts.of({ ...frame, ref }))).toEqual({ ...frame, ref });
    expect(JSON.parse(texts.of(frame))).toEqual(frame);
    expect(made).toBe(1);
    expect(JSON.parse(texts.of(list('cat')))).toEqual(list('cat'));
    expect(made).toBe(2);
  });
});
