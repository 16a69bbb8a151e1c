import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { guest } from '../../support/people.js';
import { temporaryFolder } from '../../support/service.js';
import { onEachEngineAndTransport } from '../../support/transports.js';
import type { AnyMember } from '../../support/ways-in.js';
import type { Frame } from '../../support/ws-client.js';
import { ask, call, done, items } from '../messages/calls.js';
import { untilIndexed } from '../search/library.js';
import { announce, get, numbered, PDF, sent } from './files.js';

onEachEngineAndTransport((newDatabase, clients) => {
  describe('A message with files', () => {
    let place: RunningApp;
    let ann: AnyMember;
    let ben: AnyMember;
    let settings: Readonly<Record<string, string>>;

    beforeAll(async () => {
      settings = {
        ...(await newDatabase()),
        ATTACHMENTS_DIR: temporaryFolder(),
        ATTACHMENT_RATE: '0',
      };
      place = await startApp(settings);
      [ann, ben] = await Promise.all([clients.enter(place, 'ann'), clients.enter(place, 'ben')]);
    });

    const file = (bytes: Buffer = PDF) => sent(place, ann.tokens, bytes, { name: 'plan.pdf' });
    const shown = (id: string, size = PDF.length) => ({
      ...{ id, name: 'plan.pdf', size, type: 'application/pdf' },
    });

    it('shows them live, in pages, on return, by its number and in exports', async () => {
      const ids = [await file(), await file()];
      const seq = await done(ann.socket, { type: 2, data: 'see', attachments: ids });
      const attachments = ids.map((id) => shown(id));
      const frame = await ben.socket.next({ type: 2, seq });
      expect(frame).toMatchObject({ data: 'see', attachments });
      expect(frame.attachments?.[0]).toEqual(attachments[0]);
      const [item] = (await items(place, ben.tokens, '/rooms/lobby/messages')).slice(-1);
      expect(item).toMatchObject({ seq, data: 'see', attachments });
      const one = await call(place, ben.tokens, 'GET', `/rooms/lobby/messages/${seq}`);
      expect(one.body).toMatchObject({ attachments });
      const back = await clients.join(place, ben.tokens, { resume: true });
      back.send({ type: 8, data: { lobby: seq - 1 } });
      expect(await back.next({ type: 2, seq })).toMatchObject({ attachments });
      const headers = { authorization: `Bearer ${ben.tokens.access_token}` };
      for (const format of ['ndjson', 'json', 'csv', 'txt']) {
        const path = `${place.url}/rooms/lobby/export?format=${format}`;
        expect(await (await fetch(path, { headers })).text()).toContain('plan.pdf');
      }
    });

    it('may have no text, and one with neither is refused', async () => {
      const id = await file();
      const seq = await done(ann.socket, { type: 2, data: '', attachments: [id] });
      expect(await ben.socket.next({ type: 2, seq })).toMatchObject({
        ...{ data: '', attachments: [shown(id)] },
      });
      for (const attachments of [undefined, [], null]) {
        const more = attachments === undefined ? {} : { attachments };
        expect(await ask(ann.socket, { type: 2, data: '', ...more })).toMatchObject({
          ...{ type: 7, code: 'invalid-field' },
        });
      }
    });

    it('goes to one person, and those two may have them', async () => {
      const id = await file();
      await done(ann.socket, { type: 3, to: 'ben', data: '', attachments: [id] });
      const isIt = (frame: Frame) => frame.type === 3 && frame.attachments?.[0]?.id === id;
      expect(await ben.socket.next(isIt)).toMatchObject({
        attachments: [shown(id)],
      });
      expect((await get(place, ben.tokens, id)).status).toBe(200);
      const cat = await guest(place);
      expect((await get(place, cat, id)).status).toBe(404);
    });

    it('can be posted over HTTP, once per ref', async () => {
      const id = await file();
      const body = { data: '', attachments: [id], ref: `post-${id}` };
      const path = '/rooms/lobby/messages';
      const first = await call(place, ann.tokens, 'POST', path, body);
      const again = await call(place, ann.tokens, 'POST', path, body);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body).toEqual(first.body);
    });

    it('is stored once however often it is sent, and its files are of that message', async () => {
      const id = await file();
      const frame = { type: 2, data: 'twice', attachments: [id], ref: `ref-${id}` };
      const seq = await done(ann.socket, frame);
      expect(await done(ann.socket, frame)).toBe(seq);
      const other = { ...frame, data: 'other', ref: `other-${id}` };
      expect(await ask(ann.socket, other)).toMatchObject({ code: 'attachment-unknown' });
    });

    it('is one of two that ask for the same file at the same time', async () => {
      const id = await file();
      const answers = await Promise.all(
        Array.from({ length: 6 }, () =>
          ask(ann.socket, { type: 2, data: 'mine', attachments: [id] }),
        ),
      );
      const stored = answers.filter(({ type }) => type === 6);
      expect(stored).toHaveLength(1);
      for (const answer of answers.filter(({ type }) => type === 7)) {
        expect(answer).toMatchObject({ code: 'attachment-unknown' });
      }
    });

    it("takes nobody else's files, and none that are not there", async () => {
      const foreign = await sent(place, ben.tokens, PDF);
      const used = await file();
      await done(ann.socket, { type: 2, data: '', attachments: [used] });
      for (const id of [foreign, used, 'A'.repeat(22), '../../parley.db', 'x', 'a\u0000b']) {
        expect(await ask(ann.socket, { type: 2, data: 'hi', attachments: [id] })).toMatchObject({
          ...{ type: 7, code: 'attachment-unknown' },
        });
      }
    });

    it('has ten at most, each once', async () => {
      const id = await file();
      const many = Array.from({ length: 11 }, (_, index) => `${id}${index}`);
      for (const attachments of [many, [id, id], [1], 'x', { 0: id }]) {
        expect(await ask(ann.socket, { type: 2, data: 'hi', attachments })).toMatchObject({
          ...{ type: 7, code: 'invalid-field' },
        });
      }
    });

    it('can be edited and keeps its files', async () => {
      const id = await file();
      const target = await done(ann.socket, { type: 2, data: 'one', attachments: [id] });
      await done(ann.socket, { type: 12, target, data: 'two' });
      const { body } = await call(place, ben.tokens, 'GET', `/rooms/lobby/messages/${target}`);
      expect(body).toMatchObject({ data: 'two', attachments: [shown(id)] });
    });

    it('takes its files along when it is deleted, at once, and for ever [S60]', async () => {
      const id = await file();
      const target = await done(ann.socket, { type: 2, data: 'x', attachments: [id] });
      expect((await get(place, ben.tokens, id)).status).toBe(200);
      await done(ann.socket, { type: 13, target });
      for (const { tokens } of [ann, ben]) expect((await get(place, tokens, id)).status).toBe(404);
      const { body } = await call(place, ben.tokens, 'GET', `/rooms/lobby/messages/${target}`);
      expect(body).toMatchObject({ data: '', deleted: {} });
      expect(body['attachments']).toBeUndefined();
      expect(await ask(ann.socket, { type: 2, data: 'x', attachments: [id] })).toMatchObject({
        code: 'attachment-unknown',
      });
    });

    it('is found by what it has', async () => {
      const id = await file(numbered(64));
      const word = `word${id.replaceAll(/[^a-z]/gi, '')}`;
      const seq = await done(ann.socket, { type: 2, data: `${word} with`, attachments: [id] });
      await done(ann.socket, { type: 2, data: `${word} without` });
      await untilIndexed(place, ben.tokens);
      expect(await items(place, ben.tokens, `/search?q=${word}`)).toHaveLength(2);
      const found = await items(place, ben.tokens, `/search?q=${word}&has=attachment`);
      expect(found.map((one) => one.seq)).toEqual([seq]);
    });

    it('is found by the names of its files, with a text and without, until it is deleted', async () => {
      const word = `年度plan${Math.random().toString(36).slice(2).replaceAll(/\d/g, 'x')}`;
      const id = await sent(place, ann.tokens, numbered(65), { name: `${word}_v2.pdf` });
      const other = await sent(place, ann.tokens, numbered(66), { name: `${word}.pdf` });
      const alone = await done(ann.socket, { type: 2, data: '', attachments: [id] });
      const said = await done(ann.socket, { type: 2, data: 'before', attachments: [other] });
      await done(ann.socket, { type: 12, target: said, data: 'after' });
      const found = async (): Promise<unknown> => {
        await untilIndexed(place, ben.tokens);
        const q = encodeURIComponent(word.slice(1));
        return items(place, ben.tokens, `/search?q=${q}`);
      };
      expect(await found()).toMatchObject([
        { seq: said, data: 'after', highlights: [] },
        { seq: alone, data: '', highlights: [] },
      ]);
      await done(ann.socket, { type: 13, target: alone });
      expect(await found()).toMatchObject([{ seq: said }]);
    });

    it('needs the right to send files', async () => {
      const id = await file();
      const room = `r${id.slice(0, 8).replaceAll(/[^a-z0-9]/gi, 'x')}`.toLowerCase();
      const made = { name: room, kind: 'public', history: 'all', members: ['ann'] };
      expect((await call(place, ben.tokens, 'POST', '/rooms', made)).status).toBe(201);
      const rights = { rights: { upload: 'moderator' } };
      const path = `/rooms/${room}`;
      expect((await call(place, ben.tokens, 'PATCH', path, rights)).status).toBe(200);
      const body = { data: 'hi', attachments: [id] };
      const answer = await call(place, ann.tokens, 'POST', `${path}/messages`, body);
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'forbidden', needs: 'moderator' },
      });
    });

    it('needs a file that was announced in full', async () => {
      const { id } = await announce(place, ann.tokens, PDF);
      expect(await ask(ann.socket, { type: 2, data: 'hi', attachments: [id] })).toMatchObject({
        ...{ type: 7, code: 'attachment-not-ready', retryable: true },
      });
    });
  });
});
