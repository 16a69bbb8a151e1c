import { describe, expect, it } from '@jest/globals';
import { AttachmentStore } from '../../../src/attachments/attachment-store.js';
import { AttachmentSweep } from '../../../src/attachments/attachment-sweep.js';
import { until } from '../../support/bounded.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { guest, join, logout, type Tokens } from '../../support/people.js';
import { temporaryFolder } from '../../support/service.js';
import { done } from '../messages/calls.js';
import { codeOf, get, http, numbered, sent } from './files.js';

onEachEngine((newDatabase) => {
  describe('What people keep', () => {
    async function start(env: Readonly<Record<string, string>>): Promise<RunningApp> {
      const folder = { ATTACHMENTS_DIR: temporaryFolder(), ATTACHMENT_RATE: '0' };
      return startApp({ ...(await newDatabase()), ...folder, ...env });
    }

    const asks = (place: RunningApp, tokens: Tokens, size: number) =>
      http(place, 'POST /attachments', { tokens, body: { name: 'a', type: 'a/b', size } });

    it('is bounded for each of them, however many ask at the same time', async () => {
      const place = await start({ ATTACHMENT_QUOTA: '1000' });
      const ann = await guest(place);
      const answers = await Promise.all(Array.from({ length: 30 }, () => asks(place, ann, 100)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        expect([answer.status, codeOf(answer)]).toEqual([409, 'quota-exceeded']);
        expect(JSON.parse(answer.text)).toMatchObject({ limit: 1_000, retryable: false });
      }
      const ben = await guest(place);
      expect((await asks(place, ben, 1_000)).status).toBe(201);
    });

    it('is bounded for all of them together', async () => {
      const place = await start({ ATTACHMENT_DISK_MAX: '1000' });
      const people = await Promise.all(Array.from({ length: 5 }, () => guest(place)));
      const answers = await Promise.all(
        people.flatMap((one) => Array.from({ length: 4 }, () => asks(place, one, 100))),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    });

    it('is free again when it is deleted, with its message or before', async () => {
      const place = await start({ ATTACHMENT_QUOTA: '1000' });
      const ann = await guest(place);
      const socket = await join(place, ann);
      const id = await sent(place, ann, numbered(800));
      const target = await done(socket, { type: 2, data: '', attachments: [id] });
      expect((await asks(place, ann, 300)).status).toBe(409);
      await done(socket, { type: 13, target });
      const free = async () => (await asks(place, ann, 900)).status === 201 || null;
      await until(free, 'room for another one', () => '');
      const store = place.app.get(AttachmentStore, { strict: false });
      expect(await store.held(ann.user.id)).toBe(900);
    });

    it('goes with the account, unless a message has it', async () => {
      const place = await start({});
      const ann = await guest(place);
      const ben = await guest(place);
      const socket = await join(place, ann);
      const [used, unused] = [
        await sent(place, ann, numbered(8)),
        await sent(place, ann, numbered(8)),
      ];
      await done(socket, { type: 2, data: '', attachments: [used] });
      const eve = await guest(place);
      const hers = await sent(place, eve, numbered(8));
      await logout(place, eve.access_token);
      const store = place.app.get(AttachmentStore, { strict: false });
      const sweep = place.app.get(AttachmentSweep, { strict: false });
      await until(
        async () => {
          await sweep.sweep();
          return (await store.find([hers])).length === 0 || null;
        },
        'the file of the account to go',
        () => hers,
      );
      expect((await get(place, ben, used)).status).toBe(200);
      expect((await get(place, ann, unused)).status).toBe(200);
    });

    it('is announced so many times a minute', async () => {
      const place = await start({ ATTACHMENT_RATE: '3' });
      const ann = await guest(place);
      const answers = [];
      for (let index = 0; index < 5; index++) answers.push(await asks(place, ann, 10));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429, 429]);
      expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    });

    it('is nothing where there are no files', async () => {
      const place = await start({ ATTACHMENT_SIZE_MAX: '0' });
      const ann = await guest(place);
      expect((await asks(place, ann, 10)).status).toBe(404);
      const socket = await join(place, ann);
      expect(socket.frames[0]).toMatchObject({ limits: { attachment: 0, attachments: 0 } });
      socket.send({ type: 2, data: 'hi', attachments: ['A'.repeat(22)], ref: 'r' });
      expect(await socket.next({ ref: 'r' })).toMatchObject({ code: 'attachment-unknown' });
    });

    it('costs its sender by its size', async () => {
      const place = await start({ COMMAND_RATE: '20' });
      const ann = await guest(place);
      const bytes = numbered(16 * 1024 * 1024);
      await sent(place, ann, bytes);
      const answer = await asks(place, ann, 10);
      expect([answer.status, codeOf(answer)]).toEqual([429, 'rate-limited']);
    });
  });
});
