import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../../docs/decisions/', import.meta.url);
const INDEX = readFileSync(new URL('README.md', FOLDER), 'utf8');

/** Each record's file, number and title, as they stand in its first line. */
function records(): readonly { file: string; number: string; title: string }[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}-.*\.md$/.test(file))
    .map((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      const [, number = '', title = ''] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
      return { file, number, title };
    });
}

/** The cells of the index, row by row. */
function rows(): readonly { file: string; number: string; title: string }[] {
  return [...INDEX.matchAll(/^\| \[(\d+)\]\(([^)]+)\) +\| (.+?) +\|$/gm)].map(
    ([, number = '', file = '', title = '']) => ({ file, number, title }),
  );
}

describe('docs/decisions/README.md', () => {
  it('lists every record under its number and title, in order', () => {
    expect(rows()).toEqual(records());
  });

  it('says of no number that it stands for nothing where there is a record', () => {
    const [, told = ''] = /^([\d, and]+) stand for no record/m.exec(INDEX) ?? [];
    const empty: readonly string[] = told.match(/\d+/g) ?? [];
    expect(empty.length).toBeGreaterThan(0);
    expect(records().filter(({ number }) => empty.includes(number))).toEqual([]);
  });

  it('is told by file names that begin with the number of the title', () => {
    for (const { file, number } of records()) expect(Number(file.slice(0, 4))).toBe(Number(number));
  });
});
