import { fileNamesOf, type Message, textOf } from '../message.js';
import type { ExportWriter } from './export-writer.js';

const COLUMNS = [
  ...['seq', 'id', 'time', 'user_id', 'username', 'to_id', 'to_username', 'text', 'attachments'],
];

/** Without it, Excel assumes the machine's legacy encoding. */
const BYTE_ORDER_MARK = '\uFEFF';

/** What makes a spreadsheet evaluate a cell; the wide forms count in East Asian locales. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * RFC 4180, UTF-8 with a byte order mark, times in ISO 8601.
 *
 * A cell that a spreadsheet would evaluate as a formula gets a leading apostrophe (CSV injection).
 * That alters the text: a program that wants it verbatim takes another format.
 */
export const csvWriter: ExportWriter = {
  contentType: 'text/csv; charset=utf-8; header=present',
  opening: `${BYTE_ORDER_MARK}${row(COLUMNS)}`,
  separator: '',
  closing: '',
  entry: (message) => row(cells(message)),
};

function cells(message: Message): readonly string[] {
  return [
    String(message.seq),
    message.id,
    new Date(message.time).toISOString(),
    message.author.id,
    message.author.username,
    message.to?.id ?? '',
    message.to?.username ?? '',
    textOf(message),
    fileNamesOf(message).join('\n'),
  ];
}

function row(values: readonly string[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: string): string {
  const guarded = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
