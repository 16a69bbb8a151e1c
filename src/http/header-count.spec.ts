import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../kernel/refusal.js';
import { checkHeaderNames } from './header-count.js';

/** As another Node's parser may hand it over. */
function withNames(...names: readonly string[]): IncomingMessage {
  return { rawHeaders: names.flatMap((name) => [name, 'a value: of any kind']) } as IncomingMessage;
}

describe('The names of headers [S54]', () => {
  it('are taken where they are names', () => {
    expect(() => {
      checkHeaderNames(withNames('Host', 'x-9', "!#$%&'*+-.^_`|~"));
    }).not.toThrow();
  });

  it.each(['X A', 'X\tA', ' X', 'X ', '', 'X(A)', 'X:A', 'X\u00e4', 'X\0'])(
    'are refused with %j among them, whatever the parser lets pass',
    (name) => {
      expect(() => {
        checkHeaderNames(withNames('Host', name, 'X-Other'));
      }).toThrow(new Refusal('bad-request'));
    },
  );
});
