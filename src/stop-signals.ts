import { readFileSync } from 'node:fs';

/**
 * A terminal sends Ctrl-C to all of its processes, and a launcher forwards it: that counts once.
 */
const ONE_WISH_MS = 500;
const LOOK_FOR_LAUNCHER_MS = 500;
const MOST_ANCESTORS = 8;

/**
 * Calls `stop` once when the service is to end: on SIGTERM, SIGINT, SIGHUP (its terminal was
 * closed), or when the `npm start` that launched it is gone. Another signal at least half a second
 * later ends the process at once, with 130.
 */
export function onStopWanted(stop: () => void): void {
  let wantedAt: number | null = null;
  const want = (): void => {
    if (wantedAt === null) stop();
    wantedAt ??= performance.now();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (wantedAt !== null && performance.now() - wantedAt > ONE_WISH_MS) process.exit(130);
      want();
    });
  }
  if (process.env['npm_lifecycle_event'] === 'start') whenLauncherIsGone(want);
}

/**
 * npm forwards signals to the shell that runs the script. That shell dies of them without a word,
 * and the service would live on, holding the port and the data.
 */
function whenLauncherIsGone(tell: () => void): void {
  const launcher = ancestors().join();
  const look = setInterval(() => {
    if (ancestors().join() === launcher) return;
    clearInterval(look);
    tell();
  }, LOOK_FOR_LAUNCHER_MS).unref();
}

/** The process ids from the parent up to npm; only the parent where that cannot be seen. */
function ancestors(): readonly number[] {
  const found = [process.ppid];
  for (let id = process.ppid; found.length < MOST_ANCESTORS; found.push(id)) {
    const { isNpm, parent } = lookAt(id);
    if (isNpm) return found;
    if (parent <= 1) break;
    id = parent;
  }
  return [process.ppid];
}

/** @returns no parent where there is no /proc, or no such process */
function lookAt(id: number): { readonly isNpm: boolean; readonly parent: number } {
  try {
    const isNpm = readFileSync(`/proc/${String(id)}/cmdline`, 'utf8').startsWith('npm ');
    const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${String(id)}/status`, 'utf8'))?.[1];
    return { isNpm, parent: Number(parent ?? 0) };
  } catch {
    return { isNpm: false, parent: 0 };
  }
}
