import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Backends } from '../backends/backends.js';
import { benchPath } from '../peers/places.js';
import { ProcessMeter } from './process-meter.js';

/** A probe's report: how many operations in how many milliseconds, and the median of one. */
interface Tally {
  readonly done: number;
  readonly ms: number;
  readonly p50: number;
}

/**
 * Runs one part of the service alone, against the shared backends if given: a program of
 * bench/probes. CPU is in microseconds per operation; the probe's is its own, without that of what
 * it started.
 */
export async function runProbe(
  file: string,
  args: readonly string[],
  { windowMs, backends }: { readonly windowMs: number; readonly backends?: Backends },
): Promise<Record<string, number>> {
  const child = fork(benchPath('probes', file), args, {
    env: { ...process.env, NODE_ENV: 'test', ...backends?.environment },
  });
  const cpuMs = (): { readonly postgres: number; readonly redis: number } =>
    backends?.cpuMs() ?? { postgres: 0, redis: 0 };
  try {
    await told(child);
    const meter = new ProcessMeter(child.pid ?? 0);
    const before = { own: meter.ownCpuMs(), ...cpuMs() };
    child.send(windowMs);
    const { done, ms, p50 } = (await told(child)) as Tally;
    const after = { own: meter.ownCpuMs(), ...cpuMs() };
    return {
      perSecond: (done * 1_000) / ms,
      p50,
      nodeCpu: ((after.own - before.own) * 1_000) / done,
      postgresCpu: ((after.postgres - before.postgres) * 1_000) / done,
      redisCpu: ((after.redis - before.redis) * 1_000) / done,
    };
  } finally {
    if (child.exitCode === null) {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    }
  }
}

/** @throws where it ends without a report */
async function told(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new Error('a probe ended before its time'));
    };
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      resolve(message);
    });
  });
}
