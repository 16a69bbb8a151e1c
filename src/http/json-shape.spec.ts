import { describe, expect, it } from '@jest/globals';
import { checkShape } from './json-shape.js';

function nested(levels: number): unknown {
  return JSON.parse('{"a":'.repeat(levels - 1) + '[]' + '}'.repeat(levels - 1));
}

describe('checkShape', () => {
  it('accepts as many levels as the limit says, and not one more', () => {
    expect(() => checkShape(nested(8), 8)).not.toThrow();
    expect(() => checkShape(nested(9), 8)).toThrow('too-deep');
  });

  it('is not overwhelmed by nesting that would exhaust the stack', () => {
    expect(() => checkShape(nested(100_000), 8)).toThrow('too-deep');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any level', (key) => {
    const object = `{"${key}":1}`;
    for (const text of [object, `{"a":${object}}`, `[[${object}]]`]) {
      expect(() => checkShape(JSON.parse(text), 8)).toThrow('unknown-field');
    }
  });

  it('accepts these words as values', () => {
    expect(() => checkShape({ name: '__proto__' }, 8)).not.toThrow();
  });

  it.each([null, 7, 'text', true])('accepts %j, which has no shape', (value) => {
    expect(() => checkShape(value, 1)).not.toThrow();
  });
});
