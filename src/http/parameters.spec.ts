import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../kernel/refusal.js';
import { refuseOtherForms } from './parameters.js';

function read(query: string): unknown {
  try {
    refuseOtherForms(new URLSearchParams(query).keys(), ['limit', 'token']);
    return 'taken';
  } catch (error) {
    return error instanceof Refusal ? [error.code, error.details.field] : error;
  }
}

describe('A parameter', () => {
  it.each(['', 'other=1', 'token=x', '%74oken=x', 'tokens=1&Token=2&my.token=3&[token]=4&%zz=5'])(
    'passes as it is called, and so does what nobody knows: %j [S44]',
    (query) => {
      expect(read(query)).toBe('taken');
    },
  );

  it.each([
    'token[]=x',
    'token[0]=x',
    'token%5B%5D=x',
    'token%255B%255D=x',
    '%2574oken=x',
    'token.a=x',
    'token=x&token[]=y',
    '+token=x',
  ])('is refused in a form that somebody else might read: %j [S44]', (query) => {
    expect(read(query)).toEqual(['invalid-field', 'token']);
  });
});
