import { describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bounded } from '../../support/bounded.js';
import { enter } from '../../support/people.js';
import { startService, temporaryFolder, TEST_ENVIRONMENT } from '../../support/service.js';

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

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
  await bounded(said, String(line), () => text, 60_000);
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
