import { describe, expect, it } from '@jest/globals';
import { fences, headings, read } from '../../support/documents.js';

const ENGLISH = read('README.md');
const CHINESE = read('README.zh.md');

/** What a reader copies: the fenced blocks, without what is said beside a command. */
function commands(text: string): readonly string[] {
  return fences(text).flatMap(({ info, lines }) =>
    [info, ...lines].map((line) => line.replace(/ +# .*$/, '')),
  );
}

/** Where a reader is led, the pictures included. A page in both languages leads to the other one. */
function links(text: string): readonly string[] {
  const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^README(?:\.zh)?\.md/.test(target)).sort();
}

function codes(text: string): readonly string[] {
  const [, table = ''] = /<!-- settings:begin -->([^]*)<!-- settings:end -->/.exec(text) ?? [];
  const prose = text.replace(table, '').replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code).sort();
}

describe('README.zh.md', () => {
  it('has the headings of README.md, level by level', () => {
    const levels = (text: string): readonly number[] =>
      headings(text).map((heading) => heading.indexOf(' '));
    expect(levels(CHINESE)).toEqual(levels(ENGLISH));
  });

  it('gives the same commands', () => {
    expect(commands(ENGLISH).length).toBeGreaterThan(20);
    expect(commands(CHINESE)).toEqual(commands(ENGLISH));
  });

  it('names the same fields, files and settings', () => {
    expect(codes(CHINESE)).toEqual(codes(ENGLISH));
  });

  it('leads to the same documents', () => {
    expect(links(CHINESE)).toEqual(links(ENGLISH));
  });

  it('is linked at the top of README.md, and links back', () => {
    expect(ENGLISH.split('\n')[2]).toBe('English | [中文](README.zh.md)');
    expect(CHINESE.split('\n')[2]).toBe('[English](README.md) | 中文');
  });
});
