import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFile } from './env-file.js';
import { SettingsError } from './load.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-env-'));
  path = join(folder, '.env');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function faultsOf(content: string): readonly string[] {
  writeFileSync(path, content);
  const environment = {};
  try {
    readEnvFile(path, environment);
  } catch (error) {
    expect(environment).toEqual({});
    if (error instanceof SettingsError) return error.faults.map((it) => it.replace(path, '.env'));
    throw error;
  }
  return [];
}

describe('readEnvFile', () => {
  it('adds what the file says to the environment', () => {
    writeFileSync(path, 'PORT=4000\n\n# a comment\nexport LOCALE = "zh" # Chinese\nDATA_DIR=\n');
    const environment = { HOST: '::1' };

    readEnvFile(path, environment);

    expect(environment).toEqual({ HOST: '::1', PORT: '4000', LOCALE: 'zh', DATA_DIR: '' });
  });

  it('lets the environment win', () => {
    writeFileSync(path, 'PORT=4000\nLOCALE=zh\n');
    const environment = { PORT: '5000', LOCALE: '' };

    readEnvFile(path, environment);

    expect(environment).toEqual({ PORT: '5000', LOCALE: '' });
  });

  it('takes a file that is not there for an empty one', () => {
    const environment = {};

    readEnvFile(join(folder, 'nowhere', '.env'), environment);

    expect(environment).toEqual({});
  });

  it('reads what Windows editors write', () => {
    writeFileSync(path, '\uFEFFPORT=4000\r\nLOCALE=zh\r\n');
    const environment = {};

    readEnvFile(path, environment);

    expect(environment).toEqual({ PORT: '4000', LOCALE: 'zh' });
  });

  it.each([
    ['no assignment', 'PORT=1\nhunter2\n'],
    ['a name that is none', 'PORT=1\n2PORT=hunter2\n'],
    ['the rest of a value that was wrapped', 'PORT=1\nHunter2==\n'],
    ['a quote that does not close', 'PORT=1\nJWT_SECRET="hunter2\n'],
    ['something behind a quoted value', 'PORT=1\nJWT_SECRET="hunter2" more\n'],
  ])('names the line of %s, without what it says', (_, content) => {
    expect(faultsOf(content)).toEqual(['.env: line 2 is not KEY=value']);
  });

  it.each([
    ['JWT_SECRET=abc#def', 'put the value in single quotes, # ends it otherwise'],
    ['DATABASE_URL=postgres://u:p#w@db/parley # the database', 'put the value in single quotes'],
    ['DATA_DIR="C:\\\\new"', 'put the value in single quotes, \\n is a line break'],
  ])('refuses what would not arrive as it stands: %s', (line, why) => {
    const [fault, ...others] = faultsOf(`PORT=1\n${line}\n`);
    expect(fault).toContain(`.env: line 2: ${why}`);
    expect(others).toEqual([]);
  });

  it.each([
    ["JWT_SECRET='abc#def'", 'abc#def'],
    ['JWT_SECRET="abc#def" # why', 'abc#def'],
    ['JWT_SECRET=abc # def', 'abc'],
    ['JWT_SECRET= # def', ''],
    ['JWT_SECRET=#def', ''],
    ["JWT_SECRET='a\\nb'", 'a\\nb'],
  ])('reads %s as it stands', (line, value) => {
    const environment = {};
    writeFileSync(path, `${line}\n`);
    readEnvFile(path, environment);
    expect(environment).toEqual({ JWT_SECRET: value });
  });

  it('names every key that is no setting, so that a slip of the pen is not passed over', () => {
    expect(faultsOf('PROT=4000\nPORT=4000\nLOCAL=zh\n').toSorted()).toEqual([
      '.env: LOCAL is not a setting; did you mean LOCALE?',
      '.env: PROT is not a setting; did you mean PORT?',
    ]);
  });

  it('says so where the file cannot be read', () => {
    mkdirSync(path);

    expect(() => {
      readEnvFile(path, {});
    }).toThrow('cannot be read (EISDIR)');
  });
});
