import { describe, expect, it } from '@jest/globals';
import type { PresentFrame } from '@parley/client';
import type { LogFrame } from '../conversation/log-items.js';
import { ThreadLog } from './thread-log.js';

const stamp = (seq: number) => ({
  ...{ user: { id: 'a', username: 'a' }, room: 'dev' },
  ...{ seq, id: `${seq}`, time: seq },
});
const said = (seq: number, more: Partial<Pick<PresentFrame, 'thread'>> = {}): PresentFrame => {
  return { type: 2, data: `m${seq}`, ...stamp(seq), ...more };
};
const edit = (seq: number, target: number): LogFrame => {
  return { type: 12, target, data: 'other', ...stamp(seq) };
};

describe('A thread', () => {
  const page = (seqs: readonly number[], next: number | null = null) => ({
    root: said(3),
    items: seqs.map((seq) => said(seq, { thread: 3 })),
    ...{ next_before: next, next_after: null },
  });
  const shown = (log: ThreadLog) => log.items.value.map(({ message }) => message.text);

  it('has what was said in it, and what comes', () => {
    const log = new ThreadLog('dev', 3, 'self');
    log.take(page([5, 7]), 8);
    log.receive('dev', [said(9), said(10, { thread: 3 }), said(11, { thread: 4 }), edit(12, 7)]);
    log.receive('ops', [said(13, { thread: 3 }), edit(14, 5)]);
    expect(shown(log)).toEqual(['m5', 'other', 'm10']);
  });

  it('has what came while its first page was on its way, once', () => {
    const log = new ThreadLog('dev', 3, 'self');
    log.receive('dev', [said(7, { thread: 3 }), edit(8, 5), edit(9, 3)]);
    log.take(page([5, 7]), 6);
    expect(shown(log)).toEqual(['other', 'm7']);
    expect(log.root.value?.message.text).toBe('other');
  });

  it('goes back page by page', () => {
    const log = new ThreadLog('dev', 3, 'self');
    log.take(page([8, 9], 8), 9);
    expect(log.before.value).toBe(8);
    log.take(page([5, 7]), 9);
    expect(shown(log)).toEqual(['m5', 'm7', 'm8', 'm9']);
    expect(log.before.value).toBeNull();
    expect(log.find(7)?.text).toBe('m7');
  });
});
