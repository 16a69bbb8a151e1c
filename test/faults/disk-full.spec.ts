import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/bounded.js';
import { atEnd } from '../support/leftovers.js';
import { enter, guest, join as rejoin } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { startService } from '../support/service.js';
import { Ledger, readLog, untilReadiness } from './ledger.js';

const FILLER = ` ${'x'.repeat(3_000)}`;

/** A disk of a few megabytes. Services are ended before it is taken away. */
function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=0700', 'tmpfs', folder]);
  atEnd(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmdirSync(folder);
  });
  return folder;
}

/** Takes all the room there is. @returns gives it back */
function fill(folder: string): () => void {
  const file = join(folder, 'ballast');
  const ballast = openSync(file, 'w');
  try {
    for (;;) writeSync(ballast, Buffer.alloc(4_096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  }
  closeSync(ballast);
  return () => {
    unlinkSync(file);
  };
}

describeWith(['linux', 'root'], 'a full disk [F4]', () => {
  it('refuses what cannot be stored, serves the rest, heals by itself, and has lost nothing', async () => {
    const service = await startService({ dataDir: smallDisk() });
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    const ledger = new Ledger(ann, 'ann');
    for (const answer of await ledger.say(50)) expect(answer.type).toBe(6);

    const makeRoom = fill(service.dataDir);
    const answers = await ledger.say(100, FILLER);
    expect(answers.at(-1)).toMatchObject({
      type: 7,
      code: 'store-unavailable',
      retryable: true,
    });
    for (const { type, code, retryable } of answers) {
      if (type !== 6) expect([code, retryable]).toEqual(['store-unavailable', true]);
    }

    await untilReadiness(service, 503);
    await bob.socket.roundTrip();
    bob.socket.send({ type: 1 });
    await bob.socket.next({ type: 1 });
    expect(await readLog(service, bob.tokens)).toHaveLength(ledger.acked.size);
    bob.socket.send({ type: 8, data: { lobby: 0 }, ref: 'sync' });
    await bob.socket.next({ type: 8, ref: 'sync' });
    await expect(guest(service, 'cat')).rejects.toThrow('answered 503');

    makeRoom();
    await untilReadiness(service, 200);
    for (const answer of await ledger.repeat()) expect(answer.type).toBe(6);
    await bob.socket.next({ seq: ledger.said.size });

    await service.kill();
    await service.restart();
    ledger.move({ ...ann, socket: await rejoin(service, ann.tokens) });
    await ledger.expectKept(service);
    expect(await readLog(service, ann.tokens)).toHaveLength(ledger.said.size);
    for (const answer of await ledger.say(1)) expect(answer.type).toBe(6);
  });

  it('is not ready when log-ins are refused, also where nobody says anything', async () => {
    const service = await startService({ dataDir: smallDisk() });
    const makeRoom = fill(service.dataDir);
    const refused = async (): Promise<true | null> =>
      guest(service).then(
        () => null,
        (error: unknown) => String(error).includes('answered 503') || null,
      );
    await until(refused, 'a log-in to be refused', () => 'none was');
    await untilReadiness(service, 503);
    makeRoom();
    await untilReadiness(service, 200);
    await enter(service, 'ann');
  });

  it('has what it acknowledged, and nothing that it refused, when it is killed while full', async () => {
    const service = await startService({ dataDir: smallDisk() });
    const ann = await enter(service, 'ann');
    const ledger = new Ledger(ann, 'ann');
    await ledger.say(50);
    const makeRoom = fill(service.dataDir);
    while (ledger.refusals.length === 0) await ledger.say(20, FILLER);
    await service.kill();
    makeRoom();
    await service.restart();
    ledger.move({ ...ann, socket: await rejoin(service, ann.tokens) });
    await ledger.expectKept(service);
    expect(await readLog(service, ann.tokens)).toHaveLength(ledger.acked.size);
  });
});
