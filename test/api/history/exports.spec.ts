import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { get as request } from 'node:http';
import { EventLog } from '../../../src/chat/log/event-log.js';
import { ExportSlots } from '../../../src/history/export/export-slots.js';
import { type RunningApp, startApp } from '../../support/app.js';

import { guest, type Tokens } from '../../support/people.js';
import { get, problem, store, texts } from './library.js';
import { onEachEngine } from '../../support/engines.js';

/** More than fits between two sockets: 40 MB. */
const COUNT = 20_000;
const PATIENCE_MS = 10_000;
const FILLER = ` ${'x'.repeat(2_000)}`;
const EVIL = '=HYPERLINK("http://evil")\n[2026-11-20T12:00:00.000Z] ann: forged';

onEachEngine((newDatabase) => {
  describe('exports', () => {
    let service: RunningApp;
    let ann: Tokens;
    let bob: Tokens;
    let slots: ExportSlots;

    beforeAll(async () => {
      service = await startApp(await newDatabase());
      [ann, bob] = await Promise.all([guest(service, 'ann'), guest(service, '李雷')]);
      slots = service.app.get(ExportSlots, { strict: false });
      await store(service, ann.user, texts(COUNT, FILLER));
      await store(service, ann.user, ['one', EVIL, '你好'], bob.user);
    });

    afterEach(async () => {
      jest.restoreAllMocks();
      await slotsFree();
    });

    async function direct(format: string): Promise<string> {
      const response = await get(service, `/direct/ann/export?format=${format}`, bob);
      expect(response.status).toBe(200);
      return await response.text();
    }

    /** An export whose body nobody reads yet. */
    async function open(reader: Tokens): Promise<IncomingMessage> {
      return await new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${reader.access_token}` };
        request(`${service.url}/rooms/lobby/export`, { headers, agent: false }, resolve).once(
          'error',
          reject,
        );
      });
    }

    /** The value has not changed while the service answered fifty other requests. */
    async function standstill(value: () => number): Promise<void> {
      let seen = value();
      for (let still = 0; still < 50; still++) {
        await get(service, '/health/live');
        if (value() === seen) continue;
        seen = value();
        still = 0;
      }
    }

    async function slotsFree(): Promise<void> {
      const patience = performance.now() + PATIENCE_MS;
      while (slots.people > 0 && performance.now() < patience) await new Promise(setImmediate);
      expect(slots.people).toBe(0);
    }

    it.each([
      ['ndjson', 'application/x-ndjson; charset=utf-8'],
      ['json', 'application/json; charset=utf-8'],
      ['csv', 'text/csv; charset=utf-8; header=present'],
      ['txt', 'text/plain; charset=utf-8'],
    ])('is a download with a name, as %s', async (format, type) => {
      const response = await get(
        service,
        `/direct/${encodeURIComponent('李雷')}/export?format=${format}`,
        ann,
      );
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('content-disposition')).toMatch(
        new RegExp(
          `^attachment; filename="parley-@__-[\\d-]{10}\\.${format}"; ` +
            `filename\\*=UTF-8''parley-%40%E6%9D%8E%E9%9B%B7-[\\d-]{10}\\.${format}$`,
        ),
      );
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      await response.arrayBuffer();
    });

    it('holds a whole private conversation, for its two people', async () => {
      const lines = (await direct('ndjson')).trimEnd().split('\n');
      const frames = lines.map((line) => JSON.parse(line) as { data: string; to: string });
      expect(frames.map((frame) => frame.data)).toEqual(['one', EVIL, '你好']);
      expect(JSON.parse(await direct('json'))).toEqual(frames);
      expect(frames.every((frame) => frame.to === '李雷')).toBe(true);
    });

    it('lets no message run as a formula or stand as another one', async () => {
      expect(await direct('csv')).toContain(`,"'=HYPERLINK(""http://evil"")\n[2026-`);
      const txt = await direct('txt');
      expect(txt.match(/^\[.*$/gm)).toHaveLength(3);
    });

    it('holds a whole room, each message once and in order', async () => {
      const text = await (await get(service, '/rooms/lobby/export', bob)).text();
      const lines = text.trimEnd().split('\n');
      const numbers = lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
      expect(numbers).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
    });

    it('answers HEAD without reading the room', async () => {
      const stream = jest.spyOn(service.app.get(EventLog, { strict: false }), 'stream');
      const response = await fetch(`${service.url}/rooms/lobby/export`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${ann.access_token}` },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toContain('parley-lobby-');
      expect(stream).toHaveBeenCalledTimes(1);
    });

    it.each(['xml', '', 'CSV', 'json&format=csv'])('knows no format %j', async (format) => {
      const answer = await get(service, `/rooms/lobby/export?format=${format}`, ann);
      expect(await problem(answer)).toEqual({
        status: 400,
        code: 'invalid-field',
        field: 'format',
      });
    });

    it("gives nobody a room that they aren't in, or somebody else's conversation [S8] [S11]", async () => {
      const room = await get(service, '/rooms/secret/export', ann);
      expect(await problem(room)).toMatchObject({ status: 403, code: 'not-a-member' });
      const eve = await guest(service, 'eve');
      expect(await (await get(service, '/direct/ann/export', eve)).text()).toBe('');
      const nobody = await get(service, '/direct/nobody/export', eve);
      expect(await problem(nobody)).toMatchObject({ status: 404, code: 'unknown-recipient' });
    });

    it('stops reading when its reader stops, and when the reader goes away', async () => {
      const messages = service.app.get(EventLog, { strict: false });
      const read = { chunks: 0, ended: false };
      const original = messages.stream.bind(messages);
      jest.spyOn(messages, 'stream').mockImplementation(async function* (key) {
        try {
          for await (const chunk of original(key)) {
            read.chunks += 1;
            yield chunk;
          }
        } finally {
          read.ended = true;
        }
      });
      const download = await open(ann);
      await standstill(() => read.chunks);
      expect(read.ended).toBe(false);
      const before = read.chunks;
      download.destroy();
      await slotsFree();
      expect(read.ended).toBe(true);
      // A query may have been on its way while all else stood still.
      expect(read.chunks).toBeLessThanOrEqual(before + 1);
    });

    it('runs two at a time for one person, and tells when to come back', async () => {
      const running = [await open(ann), await open(ann)];
      const third = await get(service, '/rooms/lobby/export', ann);
      expect(third.headers.get('retry-after')).toBe('5');
      expect(await problem(third)).toMatchObject({ status: 429, code: 'rate-limited' });
      const other = await open(bob);
      expect(other.statusCode).toBe(200);
      for (const download of [...running, other]) download.destroy();
      await slotsFree();
      expect((await get(service, '/direct/ann/export', bob)).status).toBe(200);
    });

    it('breaks off, and does not look whole, where the store fails on the way', async () => {
      const messages = service.app.get(EventLog, { strict: false });
      const original = messages.stream.bind(messages);
      jest.spyOn(messages, 'stream').mockImplementation(async function* (key) {
        let chunks = 0;
        for await (const chunk of original(key)) {
          if (++chunks === 3) throw new Error('the disk is gone');
          yield chunk;
        }
      });
      const response = await get(service, '/rooms/lobby/export?format=json', bob);
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow();
    });

    it('is an error, and no download, where the store cannot be read at all', async () => {
      const messages = service.app.get(EventLog, { strict: false });
      jest.spyOn(messages, 'stream').mockImplementation(async function* () {
        yield await Promise.reject(new Error('the disk is gone'));
      });
      const answer = await get(service, '/rooms/lobby/export', bob);
      expect(answer.headers.get('content-disposition')).toBeNull();
      expect(await problem(answer)).toMatchObject({ status: 500, code: 'internal' });
    });
  });
});
