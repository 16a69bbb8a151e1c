import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from './data-folder.js';

describe('The data folder', () => {
  let parent: string;
  let path: string;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'parley-'));
    path = join(parent, 'some', 'data');
  });

  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  it('is made where it is missing, for its owner alone', () => {
    const folder = new DataFolder(path);
    folder.claim();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const file of [folder.databaseFile, join(path, 'parley.lock')]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    folder.release();
  });

  it('lets nobody else hold the lock that an earlier service left open to all', () => {
    mkdirSync(path, { recursive: true });
    const lock = join(path, 'parley.lock');
    writeFileSync(lock, '');
    chmodSync(lock, 0o644);
    const folder = new DataFolder(path);
    folder.claim();
    expect(statSync(lock).mode & 0o777).toBe(0o600);
    folder.release();
  });

  it('knows the file that it claimed', () => {
    const folder = new DataFolder(path);
    expect(() => folder.databaseIdentity).toThrow('not claimed');
    folder.claim();
    expect(folder.databaseIdentity.ino).toBe(statSync(folder.databaseFile).ino);
    folder.release();
  });

  it('keeps the mode that its owner gave it', () => {
    mkdirSync(path, { recursive: true, mode: 0o750 });
    const folder = new DataFolder(path);
    folder.claim();
    expect(statSync(path).mode & 0o777).toBe(0o750);
    folder.release();
  });

  it('belongs to one service at a time, and says so', () => {
    const first = new DataFolder(path);
    const second = new DataFolder(path);
    first.claim();
    expect(() => {
      second.claim();
    }).toThrow(`The data folder ${path} is in use by another service`);
    first.release();
    second.claim();
    second.release();
  });

  it('cannot be claimed where a file stands', () => {
    const file = new DataFolder(path);
    file.claim();
    file.release();
    expect(() => {
      new DataFolder(file.databaseFile).claim();
    }).toThrow(/\(DATA_DIR\) (is a file|leads through a file)/);
  });
});
