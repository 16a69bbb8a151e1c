import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadJwtSecret } from './jwt-secret.js';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-secret-'));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

describe('loadJwtSecret', () => {
  it('takes the one of the settings and keeps no other', async () => {
    expect(await loadJwtSecret({ jwtSecret: 'from the settings', dataDir })).toBe(
      'from the settings',
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('makes one where there is none, also in a folder that is not there yet', async () => {
    const settings = { jwtSecret: null, dataDir: join(dataDir, 'deep', 'down') };

    const secret = await loadJwtSecret(settings);

    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await loadJwtSecret(settings)).toBe(secret);
    expect(readdirSync(settings.dataDir)).toEqual(['jwt-secret']);
    expect(statSync(join(settings.dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
    expect(statSync(settings.dataDir).mode & 0o777).toBe(0o700);
  });

  it('gives all starts that race the same one, and leaves nothing else behind', async () => {
    const secrets = await Promise.all(
      Array.from({ length: 50 }, async (_, turns) => {
        // Each a little later than the last, so that they meet at every step of each other's way.
        for (let turn = 0; turn < turns; turn++) await setImmediate();
        return loadJwtSecret({ jwtSecret: null, dataDir });
      }),
    );

    expect(new Set(secrets).size).toBe(1);
    expect(readdirSync(dataDir)).toEqual(['jwt-secret']);
  });

  it('closes a file that others may read', async () => {
    await loadJwtSecret({ jwtSecret: null, dataDir });
    const file = join(dataDir, 'jwt-secret');
    chmodSync(file, 0o644);

    await loadJwtSecret({ jwtSecret: null, dataDir });

    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'short', 'x'.repeat(1_000)])('refuses to sign with a damaged file', async (text) => {
    writeFileSync(join(dataDir, 'jwt-secret'), text);

    await expect(loadJwtSecret({ jwtSecret: null, dataDir })).rejects.toThrow(/damaged/);
  });
});
