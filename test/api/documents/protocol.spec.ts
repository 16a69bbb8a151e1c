import { describe, expect, it } from '@jest/globals';
import { actionAfterClose, type CloseAction, CloseCode, FrameType } from '@parley/protocol';
import { readFileSync } from 'node:fs';
import { KEYS } from '../../../src/config/keys.js';
import { REFUSALS } from '../../../src/kernel/refusal-rules.js';

const TEXT = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');

/** How the document begins to say what a client does after a close. */
const ACTIONS: Readonly<Record<CloseAction, RegExp>> = {
  reconnect: /^reconnects/,
  renew: /^renews/,
  'stay-away': /^stays away/,
  'log-in': /^lets the person log in/,
};

/** The cells of the tables under a heading, row by row, without the heads. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const start = TEXT.indexOf(`\n## ${heading}\n`) + 1;
  const end = TEXT.indexOf('\n## ', start);
  const section = TEXT.slice(start, end < 0 ? undefined : end);
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((cells) => cells.slice(1, -1))
    .filter(([first = '']) => !/^(code|type|-+)$/.test(first));
}

describe('docs/protocol.md', () => {
  it('has every code, with its status', () => {
    const codes = rowsOf('Codes').map(([code = '', status]) => `${code} ${String(status)}`);
    const known = Object.entries(REFUSALS).map(([code, { status }]) => `${code} ${status}`);
    expect(codes.sort()).toEqual(known.sort());
  });

  it('has every frame type', () => {
    const types = rowsOf('Frames').filter(([type = '']) => /^\d+$/.test(type));
    const known = Object.entries(FrameType).map(([name, type]) => [String(type), name]);
    expect(types.map(([type, name]) => [type, name])).toEqual(known);
  });

  it('has every close code, and what a client does after it', () => {
    const told = rowsOf('Close codes').map(([code, , action = '']) => [Number(code), action]);
    const known = Object.values(CloseCode).map((code) => [
      code,
      expect.stringMatching(ACTIONS[actionAfterClose(code)]),
    ]);
    expect(told).toEqual(known);
  });

  it('names settings that there are, with their defaults', () => {
    const names = TEXT.match(/`[A-Z]+(?:_[A-Z]+)+`/g) ?? [];
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(Object.keys(KEYS)).toContain(name.slice(1, -1));
    for (const [what = '', standard = ''] of rowsOf('Limits')) {
      const setting = /[A-Z]+(?:_[A-Z]+)+/.exec(what)?.[0] as keyof typeof KEYS | undefined;
      const value = Number(standard.split(',').length === 2 ? standard.replace(',', '') : standard);
      if (setting !== undefined && !Number.isNaN(value)) {
        expect(`${setting} ${KEYS[setting].fallback}`).toBe(`${setting} ${String(value)}`);
      }
    }
  });
});
