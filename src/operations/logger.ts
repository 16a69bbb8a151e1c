import { HttpException, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import type { Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { SystemClock } from '../kernel/clock.js';
import { SystemScheduler } from '../kernel/scheduler.js';
import { LineLimit } from './line-limit.js';
import { redactFields, redactText } from './redaction.js';
import { standardErrorGathered } from './gathered-lines.js';
import { plainLines } from './plain-lines.js';

/** Nest's lines for every module and route at start: of use for debugging only. */
const BOOT_CONTEXTS: ReadonlySet<unknown> = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/**
 * Nest's lines for a failed start; the process reports it itself, in one sentence, as its last
 * line.
 */
const START_CONTEXTS: ReadonlySet<unknown> = new Set(['ExceptionHandler', 'NestApplication']);

type Fields = Record<string, unknown>;

/** The log according to the settings: plain for people at a terminal, JSON for machines. */
export function loggerFor({
  logLevel,
  logFormat,
  limits,
}: Pick<Settings, 'logLevel' | 'logFormat'> & {
  readonly limits: Pick<Settings['limits'], 'logRate'>;
}): JsonLogger {
  const lines = standardErrorGathered();
  const isPlain = logFormat === 'plain' || (logFormat === 'auto' && process.stderr.isTTY);
  return new JsonLogger(logLevel, isPlain ? plainLines(lines) : lines, limits.logRate);
}

/**
 * Writes the log: one line of JSON per event, whatever the event's texts hold.
 *
 * Nest's `Logger` writes through it. A plain object as the message becomes the line's fields
 * (`logger.log({ event: 'connected', connection: id })`). Tokens, tickets, passwords and message
 * texts never appear in a line, and a client's mistake is logged without a stack.
 */
export class JsonLogger implements LoggerService {
  private readonly lines: Logger;
  private readonly limit: LineLimit;

  /**
   * @param destination standard error by default, buffered for at most ten milliseconds
   * @param perSecond lines per kind that are written; 0: no limit
   */
  constructor(
    level: Settings['logLevel'],
    destination: DestinationStream = standardErrorGathered(),
    perSecond = 0,
  ) {
    this.limit = new LineLimit(perSecond, new SystemClock(), new SystemScheduler(), (dropped) => {
      this.lines.warn({ event: 'lines-dropped', ...dropped });
    });
    this.lines = pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    );
  }

  /** Lines dropped by the limit per kind. */
  get dropped(): number {
    return this.limit.dropped;
  }

  /** Reports dropped lines that are not reported yet: for the end of the process. */
  readonly tellDropped = (): void => {
    this.limit.tellAll();
  };

  log(message: unknown, ...rest: unknown[]): void {
    this.write(BOOT_CONTEXTS.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write(START_CONTEXTS.has(rest.at(-1)) ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest passes the context as the last parameter, and a stack, if any, before it. */
  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (!this.lines.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    if (!this.limit.admits(kindOf(level, message, context))) return;
    const fields: Fields = {};
    if (typeof context === 'string' && !isStack(context)) fields['context'] = context;
    for (const extra of rest) Object.assign(fields, extraFields(extra));
    const [text, own] = split(message);
    const line = { ...own, ...fields };
    if (text === '') this.lines[level](line);
    else this.lines[level](line, redactText(text));
  }
}

/** Events are named in the code; a line without one has its writer as its kind. */
function kindOf(level: Level, message: unknown, context: unknown): string {
  const { event } = Object(message) as { readonly event?: unknown };
  if (typeof event === 'string') return `${level} ${event}`;
  return typeof context === 'string' && !isStack(context) ? `${level} ${context}` : level;
}

function split(message: unknown): readonly [string, Fields] {
  if (message instanceof Error) return [message.message, { error: errorFields(message) }];
  if (typeof message === 'object' && message !== null) {
    const { message: text, ...fields } = message as Fields;
    return [typeof text === 'string' ? text : '', fieldsOf(fields)];
  }
  return [String(message), {}];
}

function extraFields(extra: unknown): Fields {
  if (extra instanceof Error) return { error: errorFields(extra) };
  if (typeof extra === 'string' && isStack(extra)) return { stack: redactText(extra) };
  return typeof extra === 'object' && extra !== null ? fieldsOf(extra as Fields) : {};
}

function fieldsOf(fields: Fields): Fields {
  const { error, ...others } = fields;
  const safe = redactFields(others);
  if (error instanceof Error) safe['error'] = errorFields(error);
  else if (error !== undefined) safe['error'] = redactFields({ error })['error'];
  return safe;
}

function errorFields(error: Error): Fields {
  if (error instanceof Refusal) return { name: error.name, code: error.code };
  const fields: Fields = { name: error.name, message: redactText(error.message) };
  if ('code' in error) fields['code'] = error.code;
  if (!isOfClient(error) && error.stack !== undefined) fields['stack'] = redactText(error.stack);
  return fields;
}

function isOfClient(error: Error): boolean {
  return error instanceof HttpException && error.getStatus() < 500;
}

function isStack(text: string): boolean {
  return /\n\s+at /.test(text);
}
