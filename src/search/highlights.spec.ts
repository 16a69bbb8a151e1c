import { describe, expect, it } from '@jest/globals';
import { highlightsOf } from './highlights.js';
import { parseQuery } from './query-parser.js';

/** The text with `[…]` around what is highlighted; null where it is not what was looked for. */
function marked(q: string, text: string): string | null {
  const ranges = highlightsOf(text, parseQuery(q));
  if (ranges === null) return null;
  const points = Array.from(text);
  for (const [start, end] of [...ranges].reverse()) {
    points.splice(start, end - start, `[${points.slice(start, end).join('')}]`);
  }
  return points.join('');
}

describe('The highlights of a message', () => {
  it.each([
    ['plan', 'see', ['plan_2026.pdf'], []],
    ['see plan', 'see', ['plan.pdf'], [[0, 3]]],
    ['计划', '', ['年度计划书.pdf'], []],
    ['"see plan"', 'see', ['plan.pdf'], null],
    ['"plan pdf"', '', ['plan.pdf'], []],
    ['see -plan', 'see', ['plan.pdf'], null],
    ['other', 'see', ['plan.pdf'], null],
  ])('looking for %j in %j with the files %j are %j', (q, text, fileNames, ranges) => {
    expect(highlightsOf(text, parseQuery(q), fileNames)).toEqual(ranges);
  });

  it.each([
    ['hello', 'Hello, hello!', '[Hello], [hello]!'],
    ['hello', 'helloes', null],
    ['张三', '我是张三，他是张三丰', '我是[张三]，他是[张三]丰'],
    ['张三丰', '张三 张三丰', '张三 [张三丰]'],
    ['张', '张三 弓长张', '[张]三 弓长[张]'],
    ['三李', '张三李四', '张[三李]四'],
    ['哈哈', '哈哈哈哈', '[哈哈哈哈]'],
    ['"hello 世"', 'hello 世界 hello', '[hello 世]界 hello'],
    ['"hello 世"', '世界 hello', null],
    ['"世界 hello"', '新世界 hello', '新[世界 hello]'],
    ['"世界 hello"', '世界人 hello', null],
    ['café', 'un Cafe\u0301 noir', 'un [Cafe\u0301] noir'],
    ['abc', '👍ＡＢＣ', '👍[ＡＢＣ]'],
    ['株式', '㍿', '[㍿]'],
    ['一 二', '二一', '[二一]'],
    ['a b', 'b c', null],
    ['a -b', 'a b', null],
    ['a -b', 'a c', '[a] c'],
    ['a -"b 世"', 'a b 世界', null],
    ['a -"b 世"', 'a 世 b', '[a] 世 b'],
  ])('of %j in %j are %j', (q, text, expected) => {
    expect(marked(q, text)).toBe(expected);
  });

  it('are in order, apart, and at most a hundred', () => {
    expect(highlightsOf('a '.repeat(1_000), parseQuery('a'))).toHaveLength(100);
    expect(highlightsOf('b a', parseQuery('a b'))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});
