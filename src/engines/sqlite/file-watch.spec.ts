import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseGone, FileWatch, identityOf } from './file-watch.js';

describe('The watch over the database file', () => {
  let folder: string;
  let file: string;
  let log: string;
  let watch: FileWatch;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    file = join(folder, 'parley.db');
    log = `${file}-wal`;
    writeFileSync(file, 'database');
    watch = new FileWatch(file, identityOf(file) ?? { dev: 0, ino: 0 });
    watch.check();
    writeFileSync(log, 'log');
    watch.check();
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function replace(one: string): void {
    copyFileSync(one, `${one}.copy`);
    renameSync(`${one}.copy`, one);
  }

  const LOSSES: readonly [string, () => void, () => string][] = [
    ['the file is removed', () => rmSync(file), () => file],
    ['the file is moved', () => renameSync(file, `${file}.old`), () => file],
    ['the file is replaced by its copy', () => replace(file), () => file],
    ['its folder is removed', () => rmSync(folder, { recursive: true }), () => file],
    ['the log is removed', () => rmSync(log), () => log],
    ['the log is replaced by its copy', () => replace(log), () => log],
  ];

  it.each(LOSSES)('notices that %s, and names it', (_what, lose, name) => {
    lose();
    expect(() => watch.check()).toThrow(new DatabaseGone(name()));
    expect(new DatabaseGone(name()).message).toContain(name());
  });

  it('is content when the file is back', () => {
    renameSync(file, `${file}.old`);
    expect(() => watch.check()).toThrow(DatabaseGone);
    renameSync(`${file}.old`, file);
    watch.check();
  });

  it('says whether something was committed just before', () => {
    rmSync(file);
    for (const isInDoubt of [false, true]) {
      try {
        watch.check(isInDoubt);
        throw new Error('was content');
      } catch (error) {
        expect(error).toMatchObject({ code: 'DATABASE_GONE', isInDoubt });
      }
    }
  });

  it('does not mind what is written to either', () => {
    writeFileSync(file, 'more');
    writeFileSync(log, '');
    watch.check();
  });
});
