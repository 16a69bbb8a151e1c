import type { ExportWriter } from './export-writer.js';

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
const INDENT = '    ';

/**
 * For people: `[2026-11-20T12:00:00.000Z] name: text`.
 *
 * Continuation lines are indented, so that no author can forge the beginning of a line.
 */
export const txtWriter: ExportWriter = {
  contentType: 'text/plain; charset=utf-8',
  opening: '',
  separator: '',
  closing: '',
  entry: ({ time, author, text }) =>
    `[${new Date(time).toISOString()}] ${author.username}: ${text.replaceAll(LINE_BREAK, `\n${INDENT}`)}\n`,
};
