import { pino, type DestinationStream } from 'pino';
import { SystemScheduler } from '../kernel/scheduler.js';

const STANDARD_ERROR = 2;
/** So long after a write, lines wait for others, in milliseconds. */
const PATIENCE_MS = 10;
/** Beyond so many characters, lines are written without waiting. */
const MOST_WAITING = 8 * 1024;

let shared: DestinationStream | null = null;

/**
 * Standard error, with at most one write in ten milliseconds: when thousands connect at once, a system
 * call for each line costs more than the line. A line that comes alone is written when its turn of the
 * event loop ends. All are written before the process ends by itself; a kill -9 takes the lines of its
 * last ten milliseconds with it.
 */
export function standardErrorGathered(): DestinationStream {
  shared ??= gathered();
  return shared;
}

function gathered(): DestinationStream {
  const file = pino.destination({ fd: STANDARD_ERROR, sync: true });
  let waiting = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  let isScheduled = false;
  const write = (): void => {
    const lines = waiting;
    waiting = '';
    lastAt = performance.now();
    if (lines !== '') file.write(lines);
  };
  const writeScheduled = (): void => {
    isScheduled = false;
    write();
  };
  process.once('exit', write);
  const scheduler = new SystemScheduler();
  return {
    write: (line) => {
      waiting += line;
      if (waiting.length > MOST_WAITING) write();
      if (isScheduled) return;
      isScheduled = true;
      if (performance.now() - lastAt > PATIENCE_MS) scheduler.nextTurn(writeScheduled);
      else scheduler.after(PATIENCE_MS, writeScheduled);
    },
  };
}
