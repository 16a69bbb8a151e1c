import { pino, type DestinationStream } from 'pino';

const STANDARD_ERROR = 2;
/** Beyond this, lines are written before the turn is over. */
const MOST_WAITING = 8 * 1024;

/**
 * Standard error, where the lines of one turn of the event loop are one write: when thousands
 * connect at once, a system call for each line costs more than the line. Written before the next
 * turn, and before the process ends by itself; a kill -9 takes the lines of its turn with it.
 */
export function standardErrorByTurns(): DestinationStream {
  const file = pino.destination({ fd: STANDARD_ERROR, sync: true, minLength: MOST_WAITING });
  let scheduled = false;
  const flush = (): void => {
    scheduled = false;
    file.flushSync();
  };
  process.once('exit', flush);
  return {
    write: (line) => {
      file.write(line);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
  };
}
