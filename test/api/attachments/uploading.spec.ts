import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../support/bounded.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { guest, join as joinChat, type Tokens } from '../../support/people.js';
import { temporaryFolder } from '../../support/service.js';
import { ask } from '../messages/calls.js';
import {
  announce,
  begin,
  codeOf,
  digestOf,
  get,
  http,
  numbered,
  offsetOf,
  put,
  sent,
  untilReceived,
} from './files.js';

const MIB = 1024 * 1024;

onEachEngine((newDatabase) => {
  describe('A file that somebody sends', () => {
    let place: RunningApp;
    let ann: Tokens;
    let ben: Tokens;
    let folder: string;

    beforeAll(async () => {
      folder = temporaryFolder();
      place = await startApp({
        ...(await newDatabase()),
        ATTACHMENTS_DIR: folder,
        ATTACHMENT_RATE: '0',
        ATTACHMENT_SIZE_MAX: String(4 * MIB),
      });
      [ann, ben] = await Promise.all([guest(place, 'ann'), guest(place, 'ben')]);
    });

    it('is announced, sent, and there', async () => {
      const bytes = numbered(300_000);
      const announced = await announce(place, ann, bytes, { name: 'notes.txt' });
      expect(announced).toEqual({
        id: expect.stringMatching(/^[\w-]{22}$/),
        upload: {
          method: 'PUT',
          url: `/attachments/${announced.id}/content`,
          headers: { 'upload-token': expect.stringMatching(/^[\w-]{43}$/) },
          expires_in: 86_400,
        },
      });
      const answer = await put(place, announced, bytes);
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'upload-offset': '300000', 'upload-length': '300000' },
      });
      expect(JSON.parse(answer.text)).toEqual({
        ...{ id: announced.id, name: 'notes.txt', size: 300_000, type: 'text/plain' },
      });
      const read = await get(place, ann, announced.id);
      expect(Buffer.from(read.text, 'latin1').equals(bytes)).toBe(true);
    });

    it('is sent in pieces, each of which says where it stands', async () => {
      const bytes = numbered(10_000);
      const announced = await announce(place, ann, bytes, { sha256: digestOf(bytes) });
      for (const [start, end] of [
        [0, 3_999],
        [4_000, 8_999],
      ] as const) {
        const range = { 'content-range': `bytes ${start}-${end}/10000` };
        const answer = await put(place, announced, bytes.subarray(start, end + 1), range);
        expect(answer).toMatchObject({
          status: 202,
          headers: { 'upload-offset': String(end + 1), 'upload-length': '10000' },
        });
        expect(await offsetOf(place, announced)).toBe(end + 1);
      }
      const rest = { 'content-range': 'bytes 9000-9999/10000' };
      expect((await put(place, announced, bytes.subarray(9_000), rest)).status).toBe(200);
      const read = await get(place, ann, announced.id);
      expect(Buffer.from(read.text, 'latin1').equals(bytes)).toBe(true);
    });

    it('goes on where the line was cut', async () => {
      const bytes = numbered(MIB);
      const announced = await announce(place, ann, bytes, { sha256: digestOf(bytes) });
      const connection = await begin(place, announced, bytes.subarray(0, 400_000), MIB);
      await untilReceived(place, announced, 400_000);
      connection.cut();
      const rest = { 'content-range': `bytes 400000-${MIB - 1}/${MIB}` };
      expect((await put(place, announced, bytes.subarray(400_000), rest)).status).toBe(200);
      const read = await get(place, ann, announced.id);
      expect(Buffer.from(read.text, 'latin1').equals(bytes)).toBe(true);
    });

    it('goes on over another connection while the dead one is not known to be dead', async () => {
      const bytes = numbered(MIB);
      const announced = await announce(place, ann, bytes, { sha256: digestOf(bytes) });
      await begin(place, announced, bytes.subarray(0, 300_000), MIB);
      await untilReceived(place, announced, 300_000);
      const rest = { 'content-range': `bytes 200000-${MIB - 1}/${MIB}` };
      expect((await put(place, announced, bytes.subarray(200_000), rest)).status).toBe(200);
      const read = await get(place, ann, announced.id);
      expect(Buffer.from(read.text, 'latin1').equals(bytes)).toBe(true);
    });

    it('is answered for again where the answer was lost', async () => {
      const bytes = numbered(1_000);
      const announced = await announce(place, ann, bytes);
      const first = await put(place, announced, bytes);
      const again = await put(place, announced, bytes);
      expect([first.status, again.status]).toEqual([200, 200]);
      expect(again.text).toBe(first.text);
    });

    it('is not there before all of it is', async () => {
      const bytes = numbered(1_000);
      const announced = await announce(place, ann, bytes);
      await put(place, announced, bytes.subarray(0, 600), {
        'content-range': 'bytes 0-599/1000',
      });
      const read = await get(place, ann, announced.id);
      expect([read.status, codeOf(read)]).toEqual([409, 'attachment-not-ready']);
      const socket = await joinChat(place, ann);
      expect(await ask(socket, { type: 2, data: '', attachments: [announced.id] })).toMatchObject({
        ...{ type: 7, code: 'attachment-not-ready', retryable: true },
      });
    });

    it('that is not what was announced is not taken, and can be sent anew', async () => {
      const bytes = numbered(1_000);
      const announced = await announce(place, ann, bytes, { sha256: digestOf(bytes) });
      const wrong = await put(place, announced, Buffer.alloc(1_000, 'x'));
      expect([wrong.status, codeOf(wrong)]).toEqual([409, 'attachment-not-ready']);
      expect(await offsetOf(place, announced)).toBe(0);
      expect((await put(place, announced, bytes)).status).toBe(200);
    });

    it.each([
      ['without a length', {}, { 'transfer-encoding': 'chunked' }, 400],
      ['behind what is there', { 'content-range': 'bytes 500-599/1000' }, {}, 409],
      ['of another whole', { 'content-range': 'bytes 0-99/2000' }, {}, 400],
      ['of another length', { 'content-range': 'bytes 0-149/1000' }, {}, 400],
      ['in another unit', { 'content-range': 'lines 0-99/1000' }, {}, 400],
      ['beyond its end', { 'content-range': 'bytes 950-1049/1000' }, {}, 413],
    ])('takes no piece %s', async (_what, range, more, status) => {
      const announced = await announce(place, ann, numbered(1_000));
      const call = { headers: { ...announced.upload.headers, ...range, ...more } };
      const isChunked = Object.keys(more).length > 0;
      const body = numbered(100);
      const answer = await http(place, `PUT ${announced.upload.url}`, {
        ...call,
        headers: { ...call.headers, ...(isChunked ? {} : { 'content-length': 100 }) },
        body,
      }).catch(() => ({ status }));
      expect(answer.status).toBe(status);
      expect(await offsetOf(place, announced)).toBe(0);
    });

    it('takes bytes from nobody without its token, and knows no other id', async () => {
      const bytes = numbered(1_000);
      const announced = await announce(place, ann, bytes);
      const foreign = await announce(place, ben, bytes);
      for (const headers of [{}, foreign.upload.headers, { 'upload-token': '' }]) {
        const { url } = announced.upload;
        const answer = await http(place, `PUT ${url}`, { tokens: ben, headers, body: bytes });
        expect([answer.status, codeOf(answer)]).toEqual([404, 'attachment-unknown']);
        expect((await http(place, `HEAD ${url}`, { headers })).status).toBe(404);
      }
      expect(await offsetOf(place, announced)).toBe(0);
    });

    it('is refused at its announcement where it is too large', async () => {
      const body = { name: 'a', type: 'text/plain', size: 4 * MIB + 1 };
      const answer = await http(place, 'POST /attachments', { tokens: ann, body });
      expect([answer.status, codeOf(answer)]).toEqual([413, 'too-large']);
    });

    it.each([
      [{ size: 0 }],
      [{ size: -1 }],
      [{ size: 1.5 }],
      [{ type: 'no type' }],
      [{ type: 'text/html\r\nx: y' }],
      [{ name: '' }],
      [{ sha256: 'ff' }],
      [{ other: 1 }],
    ])('is refused at its announcement with %j', async (fault) => {
      const body = { name: 'a', type: 'text/plain', size: 10, ...fault };
      expect((await http(place, 'POST /attachments', { tokens: ann, body })).status).toBe(400);
    });

    it('is given up by its owner alone, and then nothing of it is left', async () => {
      const id = await sent(place, ann, numbered(1_000));
      const foreign = await http(place, `DELETE /attachments/${id}`, { tokens: ben });
      expect([foreign.status, codeOf(foreign)]).toEqual([404, 'attachment-unknown']);
      expect((await http(place, `DELETE /attachments/${id}`, { tokens: ann })).status).toBe(204);
      expect((await get(place, ann, id)).status).toBe(404);
      const look = () => Promise.resolve(filesIn(folder).includes(id) ? null : true);
      await until(look, 'it to be removed', () => filesIn(folder).join());
    });

    it('tells in the welcome what may be sent', async () => {
      const socket = await joinChat(place, ann);
      const [welcome] = socket.frames;
      expect(welcome).toMatchObject({
        limits: { attachment: 4 * MIB, attachments: 10, quota: 1_073_741_824 },
      });
    });
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true }).map((name) => String(name).slice(-22));
}
