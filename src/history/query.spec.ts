import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../kernel/refusal.js';
import { FormatQuery, ListQuery, PageQuery } from './query.js';

function refusalOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error instanceof Refusal ? [error.code, error.details.field] : error;
  }
}

describe('PageQuery', () => {
  const query = new PageQuery();

  it('asks for the newest fifty where nothing is said', () => {
    expect(query.transform({})).toEqual({ limit: 50 });
  });

  it('reads before, after and limit', () => {
    expect(query.transform({ before: '7', limit: '200' })).toEqual({ before: 7, limit: 200 });
    expect(query.transform({ after: '0', limit: '1' })).toEqual({ after: 0, limit: 1 });
  });

  it.each(['-1', '0', '201', '1e9', '1000000000', 'NaN', 'Infinity', '', ' 5', '5.5', '0x10', '٥'])(
    'refuses the limit %j and names the field',
    (limit) => {
      expect(refusalOf(() => query.transform({ limit }))).toEqual(['invalid-field', 'limit']);
    },
  );

  it.each(['-1', '0', 'NaN', '1e9', '9007199254740993', '99999999999999999999', ''])(
    'refuses to read before %j and names the field',
    (before) => {
      expect(refusalOf(() => query.transform({ before }))).toEqual(['invalid-field', 'before']);
    },
  );

  it('refuses a name that comes twice, or as an object', () => {
    expect(refusalOf(() => query.transform({ after: ['1', '2'] }))).toEqual([
      'invalid-field',
      'after',
    ]);
    expect(refusalOf(() => query.transform({ limit: { a: '1' } }))).toEqual([
      'invalid-field',
      'limit',
    ]);
  });

  it.each(['limit[]', 'limit[0]', 'limit%5B%5D', '%6Cimit', 'limit.x'])(
    'refuses the limit in another form, %j, which somebody else might read [S44]',
    (name) => {
      expect(refusalOf(() => query.transform({ [name]: '5' }))).toEqual(['invalid-field', 'limit']);
    },
  );

  it('passes over names that nobody knows', () => {
    expect(query.transform({ _: '1', 'x[]': '2', Limit: '3' })).toEqual({ limit: 50 });
  });

  it('refuses before and after together', () => {
    expect(refusalOf(() => query.transform({ before: '5', after: '1' }))).toEqual([
      'invalid-field',
      'before',
    ]);
  });
});

describe('ListQuery', () => {
  const query = new ListQuery();

  it('reads limit and after', () => {
    expect(query.transform({})).toEqual({ limit: 50 });
    expect(query.transform({ limit: '3', after: 'x' })).toEqual({ limit: 3, after: 'x' });
  });

  it.each([[['x', 'y']], [''], ['x'.repeat(129)]])('refuses the cursor %j', (after) => {
    expect(refusalOf(() => query.transform({ after }))).toEqual(['invalid-field', 'after']);
  });
});

describe('FormatQuery', () => {
  const query = new FormatQuery();

  it('is ndjson where nothing is said', () => {
    expect(query.transform({})).toBe('ndjson');
    expect(query.transform({ format: 'csv' })).toBe('csv');
  });

  it.each(['xml', 'CSV', '', 'constructor', ['csv', 'txt']])('refuses %j', (format) => {
    expect(refusalOf(() => query.transform({ format }))).toEqual(['invalid-field', 'format']);
  });
});
