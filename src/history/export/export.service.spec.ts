import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { LOBBY, LOBBY_KEY } from '../../chat/conversations/lobby.js';
import type { ChatEvent } from '../../chat/log/event.js';
import type { EventLog } from '../../chat/log/event-log.js';
import { loadSettings } from '../../config/load.js';
import { SystemClock } from '../../kernel/clock.js';
import { ExportService } from './export.service.js';
import { ExportSlots } from './export-slots.js';

const ANN = { id: 'a1', username: 'ann' };
const LOG = { conversation: LOBBY_KEY, name: LOBBY, room: LOBBY, from: 1 };

function chunk(from: number, said: string): readonly ChatEvent[] {
  return Array.from({ length: 100 }, (_, i) => ({
    conversation: LOBBY_KEY,
    seq: from + i,
    n: from + i,
    id: String(from + i),
    time: 0,
    author: ANN,
    to: null,
    kind: 'message',
    target: null,
    body: said,
  }));
}

/** A log that records how much of it was read and whether its stream was closed. */
class WatchedLog {
  chunksRead = 0;
  ended = false;

  constructor(
    private readonly chunks: number,
    private readonly failAt = Number.POSITIVE_INFINITY,
    private readonly said = 'x'.repeat(1_000),
  ) {}

  async *stream(): AsyncGenerator<readonly ChatEvent[]> {
    try {
      while (this.chunksRead < this.chunks) {
        if (this.chunksRead === this.failAt) throw new Error('the disk is gone');
        yield await Promise.resolve(chunk(this.chunksRead++ * 100 + 1, this.said));
      }
    } finally {
      this.ended = true;
    }
  }
}

function exporting(log: WatchedLog): { service: ExportService; slots: ExportSlots } {
  const slots = new ExportSlots();
  const store = log as unknown as EventLog;
  return { service: new ExportService(store, slots, new SystemClock(), loadSettings({})), slots };
}

describe('ExportService', () => {
  it('gives the whole log in order, then frees the slot', async () => {
    const log = new WatchedLog(5);
    const { service, slots } = exporting(log);
    const { stream } = await service.open(ANN, LOG, 'json');
    const items = JSON.parse(await text(stream)) as { seq: number }[];
    expect(items.map((item) => item.seq)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(log.ended).toBe(true);
    expect(slots.people).toBe(0);
  });

  it('cuts no character in two, however long the texts are', async () => {
    const log = new WatchedLog(3, undefined, '\u{1f600}'.repeat(499));
    const { service } = exporting(log);
    const { stream } = await service.open(ANN, LOG, 'json');
    const items = JSON.parse(await text(stream)) as { data: string }[];
    expect(new Set(items.map((item) => item.data))).toEqual(new Set(['\u{1f600}'.repeat(499)]));
  });

  it('gives a valid file of an empty log', async () => {
    const { service } = exporting(new WatchedLog(0));
    const { stream } = await service.open(ANN, LOG, 'json');
    expect(JSON.parse(await text(stream))).toEqual([]);
  });

  it('reads no further ahead than a reader who has stopped', async () => {
    const log = new WatchedLog(1_000);
    const { service } = exporting(log);
    const { stream } = await service.open(ANN, LOG, 'ndjson');
    await once(stream, 'readable');
    await new Promise(setImmediate);
    expect(log.chunksRead).toBeLessThan(5);
    stream.destroy();
  });

  it.each([true, false])(
    'ends the reading and frees the slot when the reader goes away (begun: %s)',
    async (begun) => {
      const log = new WatchedLog(1_000);
      const { service, slots } = exporting(log);
      const { stream } = await service.open(ANN, LOG, 'ndjson');
      if (begun) await once(stream, 'readable');
      stream.destroy();
      await once(stream, 'close');
      await new Promise(setImmediate);
      expect(log.ended).toBe(true);
      expect(slots.people).toBe(0);
    },
  );

  it('fails at once, with the slot free, where the store cannot be read', async () => {
    const { service, slots } = exporting(new WatchedLog(10, 0));
    await expect(service.open(ANN, LOG, 'txt')).rejects.toThrow('the disk is gone');
    expect(slots.people).toBe(0);
  });

  it('breaks the stream off where the store fails on the way', async () => {
    const { service, slots } = exporting(new WatchedLog(10, 3));
    const { stream } = await service.open(ANN, LOG, 'txt');
    await expect(text(stream)).rejects.toThrow('the disk is gone');
    expect(slots.people).toBe(0);
  });
});
