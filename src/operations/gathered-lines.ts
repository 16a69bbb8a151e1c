import { pino, type DestinationStream } from 'pino';

const STANDARD_ERROR = 2;
/** Lines wait so long for others, in milliseconds. */
const PATIENCE_MS = 10;
/** Beyond so many characters, lines are written without waiting. */
const MOST_WAITING = 8 * 1024;

let shared: DestinationStream | null = null;

/**
 * Standard error, where the lines of ten milliseconds are one write: when thousands connect at once,
 * a system call for each line costs more than the line. Written before the process ends by itself; a
 * kill -9 takes the lines of its last ten milliseconds with it.
 */
export function standardErrorGathered(): DestinationStream {
  shared ??= gathered();
  return shared;
}

function gathered(): DestinationStream {
  const file = pino.destination({ fd: STANDARD_ERROR, sync: true });
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;
  const write = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const lines = waiting;
    waiting = '';
    if (lines !== '') file.write(lines);
  };
  process.once('exit', write);
  return {
    write: (line) => {
      waiting += line;
      if (waiting.length > MOST_WAITING) write();
      else timer ??= setTimeout(write, PATIENCE_MS);
    },
  };
}
