import type { DestinationStream } from 'pino';

/** Shown by position at the beginning of a line, without their names. */
const HEAD: ReadonlySet<string> = new Set(['level', 'time', 'context', 'event', 'msg']);
/** Many lines long, and of use for debugging only. */
const LONG: ReadonlySet<string> = new Set(['stack']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Turns each line of JSON into one that people read: the time, the level unless `info`, the event,
 * and the rest as `name=value`. Whatever a value holds, it stays one line.
 */
export function plainLines(destination: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      destination.write(`${plain(JSON.parse(line) as Fields)}\n`);
    },
  };
}

function plain(fields: Fields): string {
  const { level, time, context, event, msg } = fields;
  const what = [event, msg].filter((part) => typeof part === 'string').map(oneLine);
  const head = [
    new Date(String(time)).toTimeString().slice(0, 8),
    ...(level === 'info' ? [] : [String(level).toUpperCase()]),
    ...(typeof context === 'string' ? [`${oneLine(context)}:`] : []),
    what.join(': '),
  ];
  const rest = Object.entries(fields).filter(([name]) => !HEAD.has(name) && !LONG.has(name));
  return [...head, ...rest.map(([name, value]) => `${name}=${valueOf(value)}`)].join(' ');
}

function valueOf(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@%+-]+$/.test(value) ? value : quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, message } = value as Fields;
  // The message says what went wrong; the stack is in the JSON.
  return quoted(typeof message === 'string' ? `${String(name)}: ${message}` : value);
}

function oneLine(text: unknown): string {
  return quoted(String(text)).slice(1, -1).replaceAll('\\"', '"');
}

/** Control characters would let a value forge a line, or colour the terminal. */
function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, ' ');
}
