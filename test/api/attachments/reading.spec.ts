import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { temporaryFolder } from '../../support/service.js';
import { type Caller, caller } from '../rooms/rest.js';
import { announce, codeOf, get, http, numbered, PDF, sent, type Wanted } from './files.js';

const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
/** A GIF to whoever sniffs its first bytes, a script to whoever runs it. */
const POLYGLOT = Buffer.concat([
  Buffer.from('GIF89a/*'),
  numbered(64),
  Buffer.from('*/=1;alert(1)'),
]);
const ZIP = Buffer.from('PK\u0003\u0004\u0014\u0000\u0000\u0000\u0000\u0000', 'latin1');
const MP4 = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypisom\u0000\u0000\u0002\u0000isomiso2', 'latin1'),
  numbered(64),
]);

onEachEngine((newDatabase) => {
  describe('A file', () => {
    let place: RunningApp;
    let ann: Caller;
    let ben: Caller;
    let eve: Caller;
    let rooms = 0;

    beforeAll(async () => {
      place = await startApp({
        ...(await newDatabase()),
        ATTACHMENTS_DIR: temporaryFolder(),
        ATTACHMENT_RATE: '0',
      });
      [ann, ben, eve] = (await Promise.all(
        ['ann', 'ben', 'eve'].map((name) => caller(place, name)),
      )) as [Caller, Caller, Caller];
    });

    /** A file in a message of ann's in a new room, of which ben is. */
    async function fileInRoom(kind = 'private', history = 'all') {
      const room = `room-${++rooms}`;
      await ann.found(room, kind, { history });
      await ann.call(`PUT /rooms/${room}/members/ben`);
      const id = await sent(place, ann.tokens, PDF, { name: 'plan.pdf' });
      const said = await ann.call(`POST /rooms/${room}/messages`, { data: '', attachments: [id] });
      expect(said.status).toBe(201);
      return { room, id, seq: said.body.seq };
    }

    const statusFor = async ({ tokens }: Caller, id: string) =>
      (await get(place, tokens, id)).status;

    it('is for whoever may see its message, and to others as none [S60]', async () => {
      const { id } = await fileInRoom();
      expect(await statusFor(ben, id)).toBe(200);
      const outside = await get(place, eve.tokens, id);
      const none = await get(place, eve.tokens, 'A'.repeat(22));
      const withoutIds = ({ text }: { text: string }) => text.replace(/"request_id":"[^"]*"/, '');
      expect(outside.status).toBe(404);
      expect(withoutIds(outside)).toBe(withoutIds(none));
      expect((await http(place, `GET /attachments/${id}`)).status).toBe(401);
      const thumbnail = await http(place, `GET /attachments/${id}/thumbnail`, {
        tokens: eve.tokens,
      });
      expect(codeOf(thumbnail)).toBe('attachment-unknown');
    });

    it('is not for whoever was removed from the room, from then on [S60]', async () => {
      const { id, room } = await fileInRoom();
      expect(await statusFor(ben, id)).toBe(200);
      await ann.call(`DELETE /rooms/${room}/members/ben`);
      expect(await statusFor(ben, id)).toBe(404);
      await ann.call(`PUT /rooms/${room}/members/ben`);
      expect(await statusFor(ben, id)).toBe(200);
    });

    it('is not for whoever left the room, or was banned [S60]', async () => {
      const { id, room } = await fileInRoom('public');
      await ben.call(`DELETE /rooms/${room}/members/me`);
      expect(await statusFor(ben, id)).toBe(404);
      const other = await fileInRoom('public');
      await ann.call(`PUT /rooms/${other.room}/bans/ben`);
      expect(await statusFor(ben, other.id)).toBe(404);
    });

    it('from before somebody came in is theirs only where the room shows it all [S60]', async () => {
      const all = await fileInRoom('private', 'all');
      const joined = await fileInRoom('private', 'joined');
      for (const { room } of [all, joined]) await ann.call(`PUT /rooms/${room}/members/eve`);
      expect(await statusFor(eve, all.id)).toBe(200);
      expect(await statusFor(eve, joined.id)).toBe(404);
      expect(await statusFor(ben, joined.id)).toBe(200);
    });

    it('is of nobody once its message was deleted by a moderator [S60]', async () => {
      const { id, room, seq } = await fileInRoom();
      const said = await ben.call(`POST /rooms/${room}/messages`, {
        data: '',
        attachments: [await sent(place, ben.tokens, PDF)],
      });
      expect(said.status).toBe(201);
      expect((await ann.call(`DELETE /rooms/${room}/messages/${seq}`)).status).toBe(200);
      expect([await statusFor(ann, id), await statusFor(ben, id)]).toEqual([404, 404]);
    });

    it('is asked for anew whenever it is shown, even from a cache [S60]', async () => {
      const { id, room } = await fileInRoom();
      const first = await get(place, ben.tokens, id);
      expect(first.headers['cache-control']).toBe('private, no-cache');
      const tag = { 'if-none-match': first.headers.etag ?? '' };
      expect((await get(place, ben.tokens, id, tag)).status).toBe(304);
      await ann.call(`DELETE /rooms/${room}/members/ben`);
      expect((await get(place, ben.tokens, id, tag)).status).toBe(404);
    });

    const kept: Wanted = { name: 'x', type: 'application/octet-stream' };

    it.each([
      ['HTML', HTML, { name: 'x.html', type: 'text/html' }],
      ['HTML that says it is a picture', HTML, { name: 'x.png', type: 'image/png' }],
      ['SVG', SVG, { name: 'x.svg', type: 'image/svg+xml' }],
      ['SVG that says it is a PDF', SVG, { name: 'x.pdf', type: 'application/pdf' }],
      ['a picture that is a script', POLYGLOT, { name: 'x.gif', type: 'image/gif' }],
      ['a script', Buffer.from('alert(1)'), { name: 'x.js', type: 'text/javascript' }],
      ['a text', Buffer.from('hello'), { name: 'x.txt', type: 'text/plain' }],
      ['an archive', ZIP, { name: 'x.zip', type: 'application/zip' }],
    ])('of %s is only ever saved, never shown or run [S61]', async (_what, bytes, wanted) => {
      const id = await sent(place, ann.tokens, bytes, wanted);
      const { headers, status } = await get(place, ann.tokens, id);
      expect(status).toBe(200);
      expect(headers['content-disposition']).toMatch(/^attachment; /);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    });

    it.each([
      ['a PDF', PDF, 'application/pdf'],
      ['a film', MP4, 'video/mp4'],
    ])(
      'of %s is shown by what it is, whatever it was said to be [S61]',
      async (_what, bytes, type) => {
        const id = await sent(place, ann.tokens, bytes, { name: 'a.html', type: 'text/html' });
        const { headers } = await get(place, ann.tokens, id);
        expect(headers['content-type']).toBe(type);
        expect(headers['content-disposition']).toMatch(/^inline; /);
        expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
      },
    );

    it('says nothing of its type that its content does not bear out [S61]', async () => {
      const types = async (bytes: Buffer, type: string) => {
        const id = await sent(place, ann.tokens, bytes, { name: 'x', type });
        const body = { data: '', attachments: [id] };
        const { body: said } = await ann.call('POST /rooms/lobby/messages', body);
        const { body: item } = await ann.call(`GET /rooms/lobby/messages/${said.seq}`);
        const [one] = (item as unknown as { attachments: readonly { type: string }[] }).attachments;
        return one?.type;
      };
      expect(await types(HTML, 'image/png')).toBe('application/octet-stream');
      expect(await types(HTML, 'text/html')).toBe('application/octet-stream');
      expect(await types(PDF, 'image/png')).toBe('application/pdf');
      expect(await types(Buffer.from('hello'), 'text/plain')).toBe('text/plain');
    });

    it.each([
      ['../../../etc/passwd', 'passwd'],
      ['C:\\Users\\ann\\plan.pdf', 'plan.pdf'],
      ['/', 'file'],
      ['..', 'file'],
      ['.env', 'env'],
      ['a\r\nSet-Cookie: x=1', 'aSet-Cookie: x=1'],
      ['\u202efdp.exe', 'fdp.exe'],
      ['a\u0000b', 'ab'],
      ['计划 (1).pdf', '计划 (1).pdf'],
      [`${'x'.repeat(400)}.pdf`, 'x'.repeat(255)],
    ])('called %j is called %j, and nothing else is written or read [S61]', async (name, shown) => {
      const id = await sent(place, ann.tokens, PDF, { name });
      const { headers } = await get(place, ann.tokens, id);
      const [, encoded = ''] =
        /filename\*=UTF-8''(\S+)$/.exec(headers['content-disposition'] ?? '') ?? [];
      expect(decodeURIComponent(encoded)).toBe(shown);
      expect(headers['set-cookie']).toBeUndefined();
    });

    it.each(['..%2f..%2fparley.db', '.', '%2e%2e', 'a'.repeat(5_000), '%00', '-'.repeat(22)])(
      'has no id such as %j [S61]',
      async (id) => {
        for (const call of [`GET /attachments/${id}`, `DELETE /attachments/${id}`]) {
          const answer = await http(place, call, { tokens: ann.tokens });
          expect([400, 404]).toContain(answer.status);
        }
      },
    );

    it('is read in parts', async () => {
      const bytes = numbered(1_000);
      const id = await sent(place, ann.tokens, bytes, kept);
      const part = (range: string, more = {}) => get(place, ann.tokens, id, { range, ...more });
      for (const [range, start, end] of [
        ['bytes=0-99', 0, 99],
        ['bytes=900-', 900, 999],
        ['bytes=-100', 900, 999],
        ['bytes=990-5000', 990, 999],
      ] as const) {
        const answer = await part(range);
        expect(answer.status).toBe(206);
        expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/1000`);
        expect(Buffer.from(answer.text, 'latin1').equals(bytes.subarray(start, end + 1))).toBe(
          true,
        );
      }
      expect((await part('bytes=1000-')).headers['content-range']).toBe('bytes */1000');
      expect((await part('bytes=1000-')).status).toBe(416);
      for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-3', 'bytes=-']) {
        expect((await part(range)).status).toBe(200);
      }
      expect((await part('bytes=0-9', { 'if-range': '"other"' })).status).toBe(200);
      expect((await part('bytes=0-9', { 'if-range': `"${id}"` })).status).toBe(206);
    });

    it('is described without its bytes', async () => {
      const id = await sent(place, ann.tokens, numbered(1_000), kept);
      const answer = await http(place, `HEAD /attachments/${id}`, { tokens: ann.tokens });
      expect(answer).toMatchObject({ status: 200, text: '' });
      expect(answer.headers['content-length']).toBe('1000');
    });

    it('that has no message yet is its sender’s alone', async () => {
      const id = await sent(place, ann.tokens, PDF);
      expect([await statusFor(ann, id), await statusFor(ben, id)]).toEqual([200, 404]);
      const { id: waiting } = await announce(place, ann.tokens, PDF);
      expect(await statusFor(ben, waiting)).toBe(404);
    });
  });
});
