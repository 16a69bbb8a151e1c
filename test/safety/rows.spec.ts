import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { safetyReport, tagsIn, takeCensus } from './census.mjs';
import { FAULT_ROWS, type Row, SECURITY_ROWS } from './rows.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROWS: readonly Row[] = [...SECURITY_ROWS, ...FAULT_ROWS];
const TREES = ['src', 'test', 'packages', 'web', 'bench'];
/** Where titles of tests stand. */
const SOURCE = /\.(spec|suite|cases)\.tsx?$/;

/** The rows that the sources of the tests name. */
function taggedRows(): ReadonlySet<string> {
  const files = TREES.flatMap((tree) =>
    readdirSync(join(ROOT, tree), { recursive: true, encoding: 'utf8' })
      .filter((file) => SOURCE.test(file) && !file.includes('node_modules'))
      .map((file) => join(ROOT, tree, file)),
  ).filter((file) => basename(file) !== basename(import.meta.url));
  return new Set(files.flatMap((file) => tagsIn(readFileSync(file, 'utf8'))));
}

function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
}

function test(fullName: string, status = 'passed'): { fullName: string; status: string } {
  return { fullName, status };
}

describe('The register of what must be withstood', () => {
  const tagged = taggedRows();

  it('has its rows of security and of faults', () => {
    expect(SECURITY_ROWS.map(({ id }) => id)).toEqual(numbered('S', 62));
    expect(FAULT_ROWS.map(({ id }) => id)).toEqual([...numbered('F', 15), 'F18']);
  });

  it.each(ROWS)('has a test for $id, or says why not: $says', ({ id, awaits, exception }) => {
    const hasTest = tagged.has(id);
    expect({ id, isAccounted: hasTest || (awaits ?? exception) !== undefined }).toEqual({
      id,
      isAccounted: true,
    });
    // An excuse beside a test is out of date.
    if (hasTest) expect([awaits, exception]).toEqual([undefined, undefined]);
  });

  it('has a row for every tag', () => {
    expect([...tagged].filter((id) => !ROWS.some((row) => row.id === id))).toEqual([]);
  });

  it('has each exception explained in docs/operations.md', () => {
    const text = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const excepted = ROWS.filter(({ exception }) => exception !== undefined);
    expect(excepted.filter(({ id }) => !tagsIn(text).includes(id))).toEqual([]);
  });
});

describe('The census at the end of all tests', () => {
  const rows: readonly Row[] = [
    { id: 'S1', says: 'one' },
    { id: 'S2', says: 'two', awaits: 'tomorrow' },
    { id: 'S3', says: 'three', exception: 'it cannot be tried' },
  ];
  const ids = (found: readonly Row[]): readonly string[] => found.map(({ id }) => id);

  it('counts a row where all of its tests passed, also one that names several', () => {
    const { proven } = takeCensus(rows, [test('x [S1]'), test('house y [S1] [S2]')]);
    expect(ids(proven)).toEqual(['S1', 'S2']);
  });

  it('does not count a row of which one test failed, however many passed', () => {
    const census = takeCensus(rows, [test('x [S1]'), test('y [S1]', 'failed')]);
    expect(ids(census.proven)).toEqual([]);
    expect(ids(census.failed)).toEqual(['S1']);
  });

  it('does not count a row whose tests were skipped', () => {
    const census = takeCensus(rows, [test('x [S1] [needs y]', 'pending')]);
    expect(ids(census.proven)).toEqual([]);
    expect(ids(census.skipped)).toEqual(['S1']);
  });

  it('tells a row that nobody tests from one that awaits a test and from an exception', () => {
    const census = takeCensus(rows, [test('nothing of the kind')]);
    expect([census.missing, census.awaited, census.excepted].map(ids)).toEqual([
      ['S1'],
      ['S2'],
      ['S3'],
    ]);
  });

  it('finds a tag of no row', () => {
    expect(takeCensus(rows, [test('x [S99]')]).unknown).toEqual(['S99']);
  });

  it('is not whole where a row has no test, and says which', () => {
    const all = ROWS.map(({ id }) => test(`[${id}]`));
    expect(safetyReport(all)).toMatchObject({ isWhole: true });
    expect(safetyReport(all).lines[0]).toBe('security rows 62 of 62, fault rows 16 of 16');
    const { isWhole, lines } = safetyReport(all.slice(1));
    expect(isWhole).toBe(false);
    expect(lines[0]).toBe('security rows 61 of 62, fault rows 16 of 16');
    expect(lines[1]).toContain('S1 ');
    expect(safetyReport([...all, test('[F77]')]).isWhole).toBe(false);
  });
});
