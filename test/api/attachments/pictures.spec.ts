import { beforeAll, describe, expect, it } from '@jest/globals';
import { PictureReader } from '../../../src/attachments/picture-reader.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { guest, join, type Tokens } from '../../support/people.js';
import { photograph, picture, pngOfSize, SECRET } from '../../support/pictures.js';
import type { ChatSocket } from '../../support/ws-client.js';
import { done } from '../messages/calls.js';
import { announce, codeOf, get, http, put, sent } from './files.js';

describe('A picture that somebody sends', () => {
  let place: RunningApp;
  let ann: Tokens;
  let socket: ChatSocket;

  beforeAll(async () => {
    place = await startApp({ ATTACHMENT_RATE: '0' });
    ann = await guest(place, 'ann');
    socket = await join(place, ann);
  });

  it('is shown without what its telephone wrote into it, turned as it is to be seen [S61]', async () => {
    const bytes = await photograph();
    expect(bytes.includes(SECRET)).toBe(true);
    const wanted = { name: 'me.jpg', type: 'image/jpeg' };
    const id = await sent(place, ann, bytes, wanted);
    const seq = await done(socket, { type: 2, data: '', attachments: [id] });
    const frame = await socket.next({ type: 2, seq });
    const kept = await get(place, ann, id);
    expect(kept.headers['content-type']).toBe('image/jpeg');
    expect(kept.headers['content-disposition']).toMatch(/^inline; /);
    expect(kept.text).not.toContain(SECRET);
    expect(frame.attachments?.[0]).toEqual({
      ...{ id, name: 'me.jpg', size: kept.text.length, type: 'image/jpeg' },
      ...{ width: 40, height: 60 },
    });
  });

  it('has a small one beside it', async () => {
    const bytes = await picture(900, 600).png().toBuffer();
    const id = await sent(place, ann, bytes, { name: 'wall.png', type: 'image/png' });
    const small = await http(place, `GET /attachments/${id}/thumbnail`, { tokens: ann });
    expect(small.headers['content-type']).toBe('image/webp');
    expect(small.text.slice(8, 12)).toBe('WEBP');
    expect(small.text.length).toBeLessThan(bytes.length);
  });

  it('of too many pixels is a file that is saved, as is one that is broken [S61]', async () => {
    const broken = (await picture(60, 40).png().toBuffer()).subarray(0, 200);
    for (const bytes of [pngOfSize(20_000, 20_000), broken]) {
      const id = await sent(place, ann, bytes, { name: 'a.png', type: 'image/png' });
      const { headers } = await get(place, ann, id);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toMatch(/^attachment; /);
      const none = await http(place, `GET /attachments/${id}/thumbnail`, { tokens: ann });
      expect(none.status).toBe(404);
    }
  });

  it('is not taken while none can be read, since it would keep what it tells of its maker [S61]', async () => {
    const reader = place.app.get(PictureReader, { strict: false });
    const { read } = reader;
    reader.read = () => Promise.reject(new Error('the program does not start'));
    const bytes = await photograph();
    const announced = await announce(place, ann, bytes, { name: 'me.jpg', type: 'image/jpeg' });
    const refused = await put(place, announced, bytes);
    expect([refused.status, codeOf(refused)]).toEqual([503, 'busy']);
    expect((await get(place, ann, announced.id)).text).not.toContain(SECRET);
    reader.read = read;
    expect((await put(place, announced, bytes)).status).toBe(200);
    expect((await get(place, ann, announced.id)).text).not.toContain(SECRET);
  });

  it('with a page behind its end is kept without that page [S61]', async () => {
    const page = '<script>alert(1)</script>';
    const bytes = Buffer.concat([await picture(60, 40).jpeg().toBuffer(), Buffer.from(page)]);
    const id = await sent(place, ann, bytes, { name: 'a.jpg', type: 'image/jpeg' });
    const kept = await get(place, ann, id);
    expect(kept.headers['content-type']).toBe('image/jpeg');
    expect(kept.text).not.toContain(page);
  });
});
