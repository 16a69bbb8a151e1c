import { describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runService, startService, temporaryFolder } from '../../support/service.js';

describe('the start', () => {
  it('prints exactly one line, with the address at which the service answers', async () => {
    const service = await startService();
    const health = await fetch(`${service.url}/health/live`);
    const code = await service.stop();

    expect(health.status).toBe(200);
    expect(service.output()).toBe(`Parley is ready at ${service.url}\n`);
    expect(code).toBe(0);
  });

  it('is refused where settings are bad: all keys are named, no value is', async () => {
    const { code, output, logs } = await runService({
      env: { PORT: 'canary-1', LOCALE: 'canary-2', REDIS_URL: 'redis://canary-3' },
    });

    expect(code).toBe(1);
    expect(output).toBe('');
    expect(logs).toMatch(/PORT:[^]*LOCALE:[^]*REDIS_URL:/);
    expect(logs).not.toContain('canary');
  });

  it.each([
    ['without a secret', undefined, 'must be set in production'],
    ['with a short secret', 'canary-of-few-characters', 'must have at least 32 characters'],
    [
      'with a secret that everybody knows',
      'change-me-change-me-change-me-change-me',
      'is well known or easily guessed',
    ],
  ])('is refused in production %s [S16]', async (_how, JWT_SECRET, why) => {
    const { code, logs } = await runService({ env: { NODE_ENV: 'production', JWT_SECRET } });

    expect(code).toBe(1);
    expect(logs).toBe(`The settings are not valid:\n  JWT_SECRET: ${why}\n`);
  });

  it('reads .env where it is called, and refuses what is no setting there', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, '.env'), 'MAX_TEXT_LENGTH=100\nPROT=canary\n');

    const { code, logs } = await runService({ dataDir });

    expect(code).toBe(1);
    expect(logs).toContain('.env: PROT is not a setting');
    expect(logs).not.toContain('canary');
  });

  it('tells in its log what was probably meant to be a setting', async () => {
    const service = await startService({ env: { GUEST: 'canary', MAX_TEXT_LENGHT: '7' } });
    await service.logged(/GUEST: did you mean GUESTS\?/);
    await service.logged(/MAX_TEXT_LENGHT: did you mean MAX_TEXT_LENGTH\?/);
    expect(service.logs()).not.toContain('canary');
  });

  it('says what a wrong setting may be', async () => {
    const { logs } = await runService({ env: { REFRESH_TOKEN_TTL: '30' } });
    expect(logs).toBe(
      'The settings are not valid:\n' +
        '  REFRESH_TOKEN_TTL: must be a number of seconds, 60 to 31536000\n',
    );
  });

  it.each(['plain', 'json'])('logs %s lines where it is told to', async (format) => {
    const service = await startService({ env: { LOG_FORMAT: format } });
    await fetch(`${service.url}/none`);
    const [line = ''] = await service.logged(/^.*\/none.*$/m);
    if (format === 'json') expect(JSON.parse(line)).toMatchObject({ event: 'answered' });
    else expect(line).toMatch(/^\d\d:\d\d:\d\d HTTP: answered .* method=GET .*status=404/);
  });
});

/** What is in the way, and the one line that says so and tells the way out. */
const OBSTACLES: Readonly<
  Record<string, (folder: string) => readonly [env: Record<string, string>, line: RegExp]>
> = {
  'a data folder that is a file': (folder) => {
    writeFileSync(join(folder, 'file'), '');
    return [
      { DATA_DIR: join(folder, 'file') },
      /the folder \S+\/file \(DATA_DIR\) is a file: set a folder/,
    ];
  },
  'a data folder below a file': (folder) => {
    writeFileSync(join(folder, 'file'), '');
    return [{ DATA_DIR: join(folder, 'file', 'data') }, /\(DATA_DIR\) leads through a file/];
  },
  'a database that is none': (folder) => {
    writeFileSync(join(folder, 'parley.db'), 'canary '.repeat(1_000));
    return [{ DATA_DIR: folder }, /\/parley\.db \(in DATA_DIR\) cannot be used .*: put a backup/];
  },
  'a folder in the place of the database': (folder) => {
    mkdirSync(join(folder, 'parley.db'));
    return [{ DATA_DIR: folder }, /\(DATA_DIR\) has a folder where a file belongs/];
  },
  'a database server that is not there': () => [
    { DATABASE_URL: 'postgres://canary@127.0.0.1:1/parley', DATABASE_START_TIMEOUT: '0' },
    /PostgreSQL at 127\.0\.0\.1:1 does not answer: .*\(DATABASE_URL\)/,
  ],
  'a secret that is damaged': (folder) => {
    writeFileSync(join(folder, 'jwt-secret'), 'canary');
    return [{ DATA_DIR: folder }, /\/jwt-secret is damaged: remove it/];
  },
  'an address of another machine': () => [
    { HOST: '192.0.2.1' },
    /this machine has no address 192\.0\.2\.1: set HOST to/,
  ],
  'a name that is no address': () => [
    { HOST: 'nowhere.invalid' },
    /no address nowhere\.invalid: set HOST to/,
  ],
};

describe('a start that fails', () => {
  it.each(Object.entries(OBSTACLES))('says so in one line: %s', async (_, prepare) => {
    const [env, line] = prepare(temporaryFolder());
    expectOneLine(await runService({ env }), line);
  });

  it.each(['PORT', 'MANAGEMENT_PORT'])('says so in one line: %s is in use', async (key) => {
    const first = await startService();
    const taken = String(first.port);
    const run = await runService(key === 'PORT' ? { port: first.port } : { env: { [key]: taken } });
    expectOneLine(run, new RegExp(`port ${taken} is in use: .* set ${key} to another port`));
  });
});

function expectOneLine(
  { code, output, logs }: { code: number | null; output: string; logs: string },
  line: RegExp,
): void {
  expect([code, output]).toEqual([1, '']);
  expect(logs).toMatch(/^Parley could not start: [^\n]*\n$/);
  expect(logs).toMatch(line);
  expect(logs).not.toContain('canary');
}
