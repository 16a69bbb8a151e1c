import { pino, type DestinationStream } from 'pino';

const STANDARD_ERROR = 2;
/** Beyond so many characters, lines are written before the turn is over. */
const MOST_WAITING = 8 * 1024;

let shared: DestinationStream | null = null;

/**
 * Standard error, where the lines of one turn of the event loop are one write: when thousands
 * connect at once, a system call for each line costs more than the line. Written before the next
 * turn, and before the process ends by itself; a kill -9 takes the lines of its turn with it.
 */
export function standardErrorByTurns(): DestinationStream {
  shared ??= byTurns();
  return shared;
}

function byTurns(): DestinationStream {
  const file = pino.destination({ fd: STANDARD_ERROR, sync: true });
  let waiting = '';
  let scheduled = false;
  const write = (): void => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') file.write(lines);
  };
  process.once('exit', write);
  return {
    write: (line) => {
      waiting += line;
      if (waiting.length > MOST_WAITING) write();
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        write();
      });
    },
  };
}
