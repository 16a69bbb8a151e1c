import { fileNamesOf, type Message, textOf } from '../message.js';
import type { ExportWriter } from './export-writer.js';

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
const INDENT = '    ';
/** Where a message was. */
const DELETED = '(deleted)';

/**
 * For people: `[2026-11-20T12:00:00.000Z] name: text`.
 *
 * Files stand behind the text, each as `[name]`. Continuation lines are indented, so that no author can forge the beginning of a line.
 */
export const txtWriter: ExportWriter = {
  contentType: 'text/plain; charset=utf-8',
  opening: '',
  separator: '',
  closing: '',
  entry: (message) => {
    const time = new Date(message.time).toISOString();
    const text = message.state?.deleted ? DELETED : saidIn(message);
    const name = message.author.username;
    return `[${time}] ${name}: ${text.replaceAll(LINE_BREAK, `\n${INDENT}`)}\n`;
  },
};

function saidIn(message: Message): string {
  const files = fileNamesOf(message);
  if (files.length === 0) return textOf(message);
  return [textOf(message), ...files.map((name) => `[${name}]`)].join(' ').trim();
}
