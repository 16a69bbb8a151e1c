import { describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bounded } from '../../support/bounded.js';
import { enter } from '../../support/people.js';
import {
  runService,
  startService,
  temporaryFolder,
  TEST_ENVIRONMENT,
} from '../../support/service.js';

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

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

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'ends the service in order where npm alone gets %s',
    async (signal) => {
      const npm = startByNpm();
      const service = await theServiceOf(npm);
      try {
        npm.child.kill(signal);

        // The service writes to the same pipes: they close when all are gone.
        await bounded(once(npm.child, 'close'), 'the end', () => `it runs on: ${npm.said()}`);
        expect(npm.said()).toContain('"event":"drained"');
      } finally {
        endIfThere(service);
      }
    },
  );

  it('takes what npm hands on for the signal that the terminal sent to all, and drains', async () => {
    const npm = startByNpm();
    const service = await theServiceOf(npm);
    try {
      process.kill(-(npm.child.pid ?? Number.NaN), 'SIGINT');

      await bounded(once(npm.child, 'close'), 'the end', () => `it runs on: ${npm.said()}`);
      expect(npm.said()).toContain('"event":"drained"');
    } finally {
      endIfThere(service);
    }
  });
});

describe('the stop', () => {
  it('is in order by SIGHUP as well: the terminal was closed', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    service.signal('SIGHUP');

    expect((await ann.socket.closed()).code).toBe(1012);
    await service.logged(/"event":"drained"/);
    await service.restart();
    expect(service.output().match(/is ready/g)).toHaveLength(2);
  });

  it('is one, however many signals say it at once', async () => {
    const service = await startService();
    const { socket } = await enter(service, 'ann');
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) service.signal(signal);

    expect((await socket.closed()).code).toBe(1012);
    expect(await service.end()).toBe(0);
  });
});

describe('a service that a test started', () => {
  it('ends when the process of the test is killed', async () => {
    const program = `
      const service = require('node:child_process').spawn(
        process.execPath,
        ['-r', ${JSON.stringify(root('test/support/leash.cjs'))},
          ${JSON.stringify(root('dist/main.js'))}],
        { stdio: ['pipe', 'inherit', 'ignore'], detached: true });
      service.on('exit', () => process.exit());`;
    const child = spawn(process.execPath, ['-e', program], {
      cwd: temporaryFolder(),
      env: { ...TEST_ENVIRONMENT, PORT: '0', DATA_DIR: temporaryFolder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await says(child, /^Parley is ready/m);
    // The service writes to the same pipe: it closes when both are gone.
    const closed = once(child, 'close');
    child.kill('SIGKILL');

    await bounded(closed, 'the end of the service', () => 'it runs on');
  });
});

async function says(child: ChildProcess, line: RegExp): Promise<void> {
  let text = '';
  const said = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (line.test(text)) resolve();
    });
    child.once('exit', () => reject(new Error(`it ended, having said: ${text}`)));
  });
  await bounded(said, String(line), () => text, 20_000);
}

interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/** In a group of its own, as a terminal has it. */
function startByNpm(): Started {
  const child = spawn('npm', ['start', '--no-update-notifier'], {
    cwd: root('.'),
    detached: true,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...TEST_ENVIRONMENT,
      PORT: '0',
      DATA_DIR: temporaryFolder(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  return { child, said: () => said };
}

/** @returns the process of the service, once it is ready */
async function theServiceOf({ child, said }: Started): Promise<number> {
  await says(child, /^Parley is ready at http:\S+$/m);
  for (let id = child.pid ?? 0; ;) {
    const children = readFileSync(`/proc/${String(id)}/task/${String(id)}/children`, 'utf8').trim();
    if (children === '') return id;
    id = Number(children.split(' ')[0]);
    if (Number.isNaN(id)) throw new Error(said());
  }
}

function endIfThere(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It is gone, as it should be.
  }
}
