import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../kernel/refusal.js';
import { decodeJson } from './json-decoder.js';

function codeOf(text: string): string {
  try {
    decodeJson(text, 4);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('The JSON decoder', () => {
  it('takes the type out of the frame and leaves the rest', () => {
    expect(decodeJson('{"type":2,"data":"hi","ref":"a"}', 4)).toEqual({
      type: 2,
      body: { data: 'hi', ref: 'a' },
    });
  });

  it('counts a field whose value is null as absent', () => {
    expect(decodeJson('{"type":2,"data":"hi","to":null}', 4).body).toEqual({ data: 'hi' });
  });

  it.each(['', '{', 'nonsense', '[]', '"text"', '7', 'null', '{"type":2}}'])(
    'refuses what is no JSON object: %s',
    (text) => {
      expect(codeOf(text)).toBe('bad-json');
    },
  );

  it.each(['{}', '{"type":"2"}', '{"type":null}', '{"type":[2]}', '{"type":true}'])(
    'refuses a type that is no number: %s',
    (text) => {
      expect(codeOf(text)).toBe('unknown-type');
    },
  );

  it('bounds how deep a frame is nested [S22]', () => {
    expect(codeOf('{"type":8,"data":{"a":{"b":{}}}}')).toBe('accepted');
    expect(codeOf('{"type":8,"data":{"a":{"b":{"c":{}}}}}')).toBe('too-deep');
    expect(codeOf(`{"type":8,"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).toBe('too-deep');
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'refuses the key %s at any depth and leaves prototypes as they are [S23]',
    (key) => {
      expect(codeOf(`{"type":2,"${key}":{"polluted":1}}`)).toBe('unknown-field');
      expect(codeOf(`{"type":8,"data":{"a":{"${key}":{"polluted":1}}}}`)).toBe('unknown-field');
      expect({}).not.toHaveProperty('polluted');
    },
  );
});
