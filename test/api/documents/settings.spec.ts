import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { envExample, withSettingsTable } from '../../../scripts/settings-text.mjs';
import { KEYS } from '../../../src/config/keys.js';
import { loadSettings } from '../../../src/config/load.js';

const UPDATE = 'if not: npm run docs:settings';

function read(name: string): string {
  return readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
}

describe('.env.example', () => {
  it(`is what the table of settings says (${UPDATE})`, () => {
    expect(read('.env.example')).toBe(envExample(KEYS));
  });

  it('changes nothing when it is taken as it is', () => {
    const example = parseEnv(read('.env.example'));

    expect(Object.keys(example).sort()).toEqual(Object.keys(KEYS).sort());
    expect(loadSettings(example)).toEqual(loadSettings({}));
  });
});

describe('README.md', () => {
  it(`has the table of settings (${UPDATE})`, () => {
    const readme = read('README.md');

    expect(readme).toBe(withSettingsTable(readme, KEYS));
  });
});
