import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientFrame, MessageFrame, SyncOutcome } from '@parley/protocol';
import type { ChatEvents } from './chat-events.js';
import { Emitter } from './emitter.js';
import { LogReader } from './log-reader.js';
import { Outbox } from './outbox.js';
import type { HistoryPage } from './rest.js';
import { ALICE, BOB, joinOf, partOf, roomChange } from './testing/room-entries.js';

function said(seq: number, room = 'dev'): MessageFrame {
  return { type: 2, user: BOB, room, data: `m${String(seq)}`, id: `id-${seq}`, seq, time: 1 };
}

describe('The logs of rooms, as a client reads them', () => {
  /** What it asks for by Sync, and what it tells: one line each. */
  let asked: Record<string, number>[];
  let told: string[];
  let pages: Record<string, HistoryPage>;
  let outbox: Outbox;
  let logs: LogReader;
  let isCurrent: Promise<void>;

  beforeEach(() => {
    [asked, told, pages] = [[], [], {}];
    const events = new Emitter<ChatEvents>();
    outbox = new Outbox({ transmit: () => undefined, changed: () => undefined });
    isCurrent = new Promise((resolve) => {
      events.on('current', () => {
        resolve();
      });
    });
    events.on('message', ({ conversation, frame }) => told.push(`${conversation} ${frame.data}`));
    events.on('entry', ({ conversation, frame }) => {
      told.push(`${conversation} ${String(frame.type)} at ${String(frame.seq)}`);
    });
    events.on('renamed', ({ conversation, was }) => told.push(`${was} is ${conversation}`));
    events.on('left', ({ conversation }) => told.push(`left ${conversation}`));
    events.on('skipped', ({ conversation, head }) => told.push(`${conversation} to ${head}`));
    logs = new LogReader({
      ...{ events, outbox, limit: 1_000, self: () => ALICE, forget: () => undefined },
      send: (frame: ClientFrame) => {
        if (frame.type === 8) asked.push(frame.data);
      },
      page: (conversation) => {
        const page = pages[conversation];
        return page === undefined ? Promise.reject(new Error('no page')) : Promise.resolve(page);
      },
    });
  });

  const synced = (number: number, data: Record<string, SyncOutcome>): void => {
    logs.synced({ type: 8, ref: `sync-${String(number)}`, data });
  };
  const refused = (number: number): void => {
    const refusal = { code: 'not-a-member', data: '', retryable: false } as const;
    logs.rejected({ type: 7, ref: `sync-${String(number)}`, ...refusal });
  };

  it('begin at what the first welcome tells of each', () => {
    logs.begin({ lobby: 4, dev: 7 });
    logs.take(said(8));
    logs.take(said(10));
    expect([told, asked]).toEqual([['dev m8'], [{ dev: 8 }]]);
  });

  it('go on through entries of every kind: each fills its number, and is told once', () => {
    logs.begin({ dev: 7 });
    for (const entry of [joinOf(BOB, 8), joinOf(BOB, 8), roomChange(9, 'dev'), said(10)]) {
      logs.take(entry);
    }
    logs.take(partOf(BOB, 11));
    logs.take(said(12));
    expect(told).toEqual(['dev 15 at 8', 'dev 18 at 9', 'dev m10', 'dev 16 at 11', 'dev m12']);
    expect(asked).toEqual([]);
  });

  describe('of a room that one leaves', () => {
    beforeEach(() => {
      logs.begin({ lobby: 1, dev: 7 });
      logs.take(partOf(ALICE, 8));
    });

    it('end with the own Part: nothing is asked of it any more', () => {
      expect(told).toEqual(['dev 16 at 8', 'left dev']);
      expect(logs.position('dev')).toBeUndefined();
      logs.resume();
      expect(asked).toEqual([{ lobby: 1 }]);
    });

    it('begin again with the own Join, and what came between is no gap', () => {
      logs.take(joinOf(ALICE, 20));
      logs.take(said(21));
      expect(told.slice(2)).toEqual(['dev 15 at 20', 'dev m21']);
      expect(asked).toEqual([]);
    });
  });

  it('go over a Part that was missed, where the own Join comes', () => {
    logs.begin({ dev: 7 });
    logs.take(joinOf(ALICE, 20));
    expect([told, asked]).toEqual([['dev 15 at 20'], []]);
  });

  describe('of a room that gets another name', () => {
    beforeEach(() => {
      logs.begin({ dev: 7 });
      outbox.add('dev', 'hello');
    });

    it('go on under it, with what waits to be sent', () => {
      logs.take(roomChange(8, 'ops', { was: 'dev' }));
      logs.take(said(9, 'ops'));
      expect(told).toEqual(['dev is ops', 'ops 18 at 8', 'ops m9']);
      expect([logs.position('dev'), logs.position('ops'), asked]).toEqual([undefined, 9, []]);
      expect(outbox.entries()[0]?.conversation).toBe('ops');
    });

    it('are asked for under the name that is known, and what comes under the other is no gap', () => {
      logs.begin({ ops: 10 });
      logs.resume();
      logs.learn('ops', 10, true);
      logs.take(said(8, 'ops'));
      logs.take(roomChange(9, 'ops', { was: 'dev' }));
      logs.take(said(10, 'ops'));
      synced(1, { ops: { seq: 10, complete: true } });
      expect(asked).toEqual([{ dev: 7 }]);
      expect(told).toEqual(['ops m8', 'dev is ops', 'ops 18 at 9', 'ops m10']);
      expect(logs.position('ops')).toBe(10);
    });

    it('have a gap filled under the new name, where the change was beyond one', () => {
      logs.take(roomChange(11, 'ops', { was: 'dev' }));
      expect([told, asked]).toEqual([['dev is ops'], [{ ops: 7 }]]);
    });

    it('take the name from a page, where too much was missed to be sent', async () => {
      pages['dev'] = { items: [said(8, 'ops')], head: 9, next_after: null };
      pages['ops'] = pages['dev'];
      logs.resume();
      synced(1, { ops: { seq: 9, complete: false, after: 7 } });
      await new Promise(process.nextTick);
      synced(2, { ops: { seq: 9, complete: false, after: 7 } });
      await isCurrent;
      expect(asked).toEqual([{ dev: 7 }, { ops: 7 }]);
      expect([told, logs.position('ops')]).toEqual([['dev is ops', 'ops m8'], 9]);
    });

    it('do not follow a name after the time in which it can mean no other room', () => {
      const change = roomChange(30, 'ops', { was: 'dev' });
      logs.take({ ...change, time: change.time - 91 * 86_400_000 });
      expect([told, logs.position('dev')]).toEqual([['ops 18 at 30'], 7]);
    });

    it('keep their name where an older change only tells what it was called once', () => {
      logs.take(roomChange(8, 'dev', { was: 'dev' }));
      expect(told).toEqual(['dev 18 at 8']);
    });
  });

  it('have no gap below the first number that one may see', () => {
    logs.begin({ dev: 7 });
    logs.resume();
    logs.take(said(20));
    synced(1, { dev: { seq: 21, complete: true, from: 20 } });
    logs.take(said(20));
    logs.take(said(21));
    synced(2, { dev: { seq: 21, complete: true, from: 20 } });
    expect(asked).toEqual([{ dev: 7 }, { dev: 19 }]);
    expect(told).toEqual(['dev m20', 'dev m21']);
  });

  it('are asked for in several Syncs where there are many', () => {
    const heads = Array.from({ length: 450 }, (_, index) => [`room ${String(index)}`, 1] as const);
    logs.begin(Object.fromEntries(heads));
    logs.resume();
    expect(asked.map((data) => Object.keys(data).length)).toEqual([100, 100, 100, 100, 50]);
    expect(new Set(asked.flatMap((data) => Object.keys(data))).size).toBe(450);
  });

  it('drop a room that one is not in, which no Reject names, and ask for the rest again', async () => {
    logs.begin({ a: 1, b: 1, gone: 1, c: 1 });
    logs.resume();
    refused(1);
    synced(2, { c: { seq: 1, complete: true }, gone: { seq: 1, complete: true } });
    refused(3);
    refused(4);
    synced(5, { a: { seq: 1, complete: true } });
    await isCurrent;
    expect(asked.slice(1).map((data) => Object.keys(data))).toEqual([
      ['c', 'gone'],
      ['b', 'a'],
      ['b'],
      ['a'],
    ]);
    expect(told).toEqual(['left b']);
    expect([logs.position('b'), logs.position('a'), logs.position('gone')]).toEqual([
      undefined,
      1,
      1,
    ]);
  });
});
