import { pino, type DestinationStream } from 'pino';
import { SystemScheduler } from '../kernel/scheduler.js';

const STANDARD_ERROR = 2;
/** How long after a write further lines are buffered, in milliseconds. */
const PATIENCE_MS = 10;
/** Buffered characters beyond which lines are written at once. */
const MOST_WAITING = 8 * 1024;

let shared: DestinationStream | null = null;

/**
 * Standard error, buffered: at most one write in ten milliseconds. When thousands connect at once,
 * a system call per line costs more than the line. A single line is written at the end of its turn
 * of the event loop. All are written before the process exits by itself; a kill -9 loses the last
 * ten milliseconds.
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
