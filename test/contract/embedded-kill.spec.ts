import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/engines/sqlite/drivers/choose-driver.js';
import { temporaryFolder } from '../support/service.js';
import { oneTo } from './drafts.js';

const PROGRAM = fileURLToPath(new URL('append-until-killed.ts', import.meta.url));

interface Row {
  readonly seq: number;
  readonly ref: string;
}

describe('The embedded engine, killed in the middle of writing', () => {
  const folder = temporaryFolder();

  /** Lets a process append until it has acknowledged so many batches. @returns their refs */
  async function appendAndKill(batches: number): Promise<string[]> {
    const child = spawn(process.execPath, [PROGRAM, folder], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const acknowledged: string[] = [];
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(...(JSON.parse(line) as string[]));
      seen += 1;
      if (seen === batches) child.kill('SIGKILL');
    }
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    return acknowledged;
  }

  function storedRows(): Row[] {
    const database = openDatabase(`${folder}/parley.db`);
    const rows = database.prepare<[], Row>('select seq, ref from events order by seq').all();
    expect(database.pragma('integrity_check')).toBe('ok');
    database.close();
    return rows;
  }

  it('has every acknowledged message exactly once, without a gap, and goes on from there [F1]', async () => {
    const acknowledged: string[] = [];
    for (const batches of [1, 7, 40]) {
      // The one that was killed has let go of the folder, or the next could not begin.
      acknowledged.push(...(await appendAndKill(batches)));
      const rows = storedRows();
      expect(rows.map((row) => row.seq)).toEqual(oneTo(rows.length));
      const refs = new Set(rows.map((row) => row.ref));
      expect(refs.size).toBe(rows.length);
      expect(acknowledged.filter((ref) => !refs.has(ref))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(48 * 20);
  });
});
