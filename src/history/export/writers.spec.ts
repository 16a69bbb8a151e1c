import { describe, expect, it } from '@jest/globals';
import { directKey, roomKey } from '../../chat/conversations/key.js';
import type { Message } from '../message.js';
import { csvWriter } from './csv-writer.js';
import type { ExportWriter } from './export-writer.js';
import { jsonWriter } from './json-writer.js';
import { ndjsonWriter } from './ndjson-writer.js';
import { txtWriter } from './txt-writer.js';

const ANN = { id: 'a1', username: 'ann' };
const LI = { id: 'b2', username: '李雷' };
const NASTY = 'a "quoted", comma\r\nnext\n\n[2026-11-20T12:00:00.000Z] 李雷: forged\u2028end 😀';

function said(text: string, seq = 1): Message {
  const time = Date.UTC(2026, 10, 20, 12);
  return {
    conversation: roomKey('lobby'),
    room: 'lobby',
    seq,
    n: seq,
    id: `id${String(seq)}`,
    time,
    author: ANN,
    to: null,
    body: { kind: 'message', text },
  };
}

function withFiles(text: string, ...names: readonly string[]): Message {
  const attachments = names.map((name) => ({ id: name, name, size: 1, type: 'a/b' }));
  return { ...said(text), body: { kind: 'message', text, attachments } };
}

function written(text: string): Message {
  return { ...said(text), conversation: directKey(ANN.id, LI.id), to: LI };
}

function whole(writer: ExportWriter, events: readonly Message[]): string {
  const entries = events.map((event) => writer.entry(event));
  return writer.opening + entries.join(writer.separator) + writer.closing;
}

/** The tests' own RFC 4180 parser. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  for (let match = field.exec(text); match; match = field.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
    if (field.lastIndex === text.length) break;
  }
  return rows.slice(0, -1);
}

describe('ndjsonWriter', () => {
  it('writes each message as one line, field for field as the socket delivers it', () => {
    const lines = whole(ndjsonWriter, [said(NASTY), written('hi')]).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.slice(0, 2).map((line) => JSON.parse(line) as unknown)).toEqual([
      { type: 2, user: ANN, data: NASTY, room: 'lobby', id: 'id1', seq: 1, time: 1795176000000 },
      { type: 3, user: ANN, to: '李雷', data: 'hi', id: 'id1', seq: 1, time: 1795176000000 },
    ]);
  });
});

describe('jsonWriter', () => {
  it.each([0, 1, 3])('writes one valid array of %d messages', (count) => {
    const events = Array.from({ length: count }, (_, i) => said(NASTY, i + 1));
    const items = JSON.parse(whole(jsonWriter, events)) as { data: string; seq: number }[];
    expect(items.map((item) => item.seq)).toEqual(events.map((event) => event.seq));
    expect(items.every((item) => item.data === NASTY)).toBe(true);
  });
});

describe('csvWriter', () => {
  it('writes a table that reads back to the letter', () => {
    const text = whole(csvWriter, [said(NASTY), written('你好')]);
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(parseCsv(text.slice(1))).toEqual([
      [
        ...['seq', 'id', 'time', 'user_id', 'username', 'to_id', 'to_username', 'text'],
        'attachments',
      ],
      ['1', 'id1', '2026-11-20T12:00:00.000Z', 'a1', 'ann', '', '', NASTY, ''],
      ['1', 'id1', '2026-11-20T12:00:00.000Z', 'a1', 'ann', 'b2', '李雷', '你好', ''],
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠a'])(
    'keeps a spreadsheet from running %j',
    (formula) => {
      const rows = parseCsv(whole(csvWriter, [said(formula)]).slice(1));
      expect(rows[1]?.at(-2)).toBe(`'${formula}`);
    },
  );

  it('names files, one a line, and lets none of them run', () => {
    const rows = parseCsv(whole(csvWriter, [withFiles('see', '=1.txt', '计划.pdf')]).slice(1));
    expect(rows[1]?.slice(-2)).toEqual(['see', "'=1.txt\n计划.pdf"]);
  });

  it('leaves a harmless text alone', () => {
    const rows = parseCsv(whole(csvWriter, [said('1 = 1, a-b @home')]).slice(1));
    expect(rows[1]?.at(-2)).toBe('1 = 1, a-b @home');
  });
});

describe('txtWriter', () => {
  it('names files behind the text', () => {
    expect(whole(txtWriter, [withFiles('see', 'a.pdf', 'b.png'), withFiles('', 'c.txt')])).toBe(
      '[2026-11-20T12:00:00.000Z] ann: see [a.pdf] [b.png]\n' +
        '[2026-11-20T12:00:00.000Z] ann: [c.txt]\n',
    );
  });

  it('writes the time, the name and the text', () => {
    expect(whole(txtWriter, [written('你好')])).toBe('[2026-11-20T12:00:00.000Z] ann: 你好\n');
  });

  it.each(['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029', '\n\n'])(
    'lets no text begin a line of its own after %j',
    (lineBreak) => {
      const forged = `hi${lineBreak}[2026-11-20T12:00:00.000Z] 李雷: I owe you`;
      const text = whole(txtWriter, [said(forged), said('bye')]);
      const beginnings = text
        .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
        .filter((line) => /^\S/.test(line));
      expect(beginnings).toEqual([
        '[2026-11-20T12:00:00.000Z] ann: hi',
        '[2026-11-20T12:00:00.000Z] ann: bye',
      ]);
    },
  );
});
