import type { DestinationStream } from 'pino';

/** Told apart from the rest of a line by its place, so that it needs no name. */
const HEAD: ReadonlySet<string> = new Set(['level', 'time', 'context', 'event', 'msg']);
/** Of use to who looks for a fault, and many lines long. */
const LONG: ReadonlySet<string> = new Set(['stack']);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes of each line of JSON one that people read: the time, the level where it is not `info`, what
 * happened, and the rest as `name=value`. Whatever a value holds, it stays one line.
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
  // An error says what it is; its stack is in the JSON.
  return quoted(typeof message === 'string' ? `${String(name)}: ${message}` : value);
}

function oneLine(text: unknown): string {
  return quoted(String(text)).slice(1, -1).replaceAll('\\"', '"');
}

/** Control characters would let a value begin a line of its own, or colour the terminal. */
function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, ' ');
}
