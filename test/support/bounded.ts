import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** How long a test waits for what should happen at once. Generous: it is never measured. */
const PATIENCE_MS = 30_000;

/**
 * Bounds a promise by a time-out: a test must fail with what it saw, never hang.
 *
 * @param seen called on a time-out only; says what came instead
 */
export async function bounded<Value>(
  promise: Promise<Value>,
  what: string,
  seen: () => string,
  milliseconds = PATIENCE_MS,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${milliseconds} ms in vain for ${what}; instead: ${seen()}`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Polls, for a bounded time, for what announces itself to nobody.
 *
 * @param look null or undefined: not yet
 * @param seen called on a time-out only; says what there is instead
 */
export async function until<Value>(
  look: () => Promise<Value | null | undefined>,
  what: string,
  seen: () => string,
  milliseconds = PATIENCE_MS,
): Promise<Value> {
  const patience = performance.now() + milliseconds;
  while (performance.now() < patience) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`waited ${milliseconds} ms in vain for ${what}; instead: ${seen()}`);
}
