import { beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type RunningApp, startApp } from '../../support/app.js';
import { animatedGif, photograph, SECRET } from '../../support/pictures.js';
import { describeWith } from '../../support/requirements.js';
import { type S3Bucket, s3Server } from '../../support/s3.js';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { type Caller, caller } from '../rooms/rest.js';
import { announce, type Announced, codeOf, get, http, type Wanted } from './files.js';

/** Straight to the store, as any client does. */
async function sendToStore({ upload }: Announced, bytes: Buffer): Promise<number> {
  const { method, url, headers } = upload;
  const answer = await fetch(url, { method, headers, body: new Uint8Array(bytes) });
  await answer.text();
  return answer.status;
}

describeWith('swift', 'With a store that speaks S3', () => {
  let bucket: S3Bucket;
  let proxy: TcpProxy;
  let place: RunningApp;
  let ann: Caller;
  let ben: Caller;
  let eve: Caller;

  beforeAll(async () => {
    const server = await s3Server();
    bucket = await server.bucket();
    proxy = await startProxy(server.port);
    place = await startApp({
      ...bucket.env,
      S3_ENDPOINT: proxy.url,
      // Clients do not go the way that fails here.
      S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${String(server.port)}`,
      ATTACHMENT_RATE: '0',
    });
    [ann, ben, eve] = (await Promise.all(
      ['ann', 'ben', 'eve'].map((name) => caller(place, name)),
    )) as [Caller, Caller, Caller];
    await ann.found('room', 'private', { history: 'all' });
    await ann.call('PUT /rooms/room/members/ben');
  });

  async function upload(bytes: Buffer, wanted: Wanted = {}): Promise<string> {
    const announced = await announce(place, ann.tokens, bytes, wanted);
    expect(await sendToStore(announced, bytes)).toBe(200);
    return announced.id;
  }

  const say = (data: string, attachments: readonly string[] = []) =>
    ann.call('POST /rooms/room/messages', { data, attachments });

  it('[S60] a file goes straight there, and from there for a minute to whoever may see it', async () => {
    const bytes = Buffer.from('%PDF-1.7 a plan');
    const id = await upload(bytes, { name: 'plan.pdf', type: 'application/pdf' });
    expect((await say('', [id])).status).toBe(201);

    const answer = await get(place, ben.tokens, id);
    expect(answer).toMatchObject({ status: 302, headers: { 'cache-control': 'no-store' } });
    expect(answer.headers.location).toContain('X-Amz-Expires=60');
    const given = await fetch(answer.headers.location ?? '');
    expect(Buffer.from(await given.arrayBuffer())).toEqual(bytes);
    expect(given.headers.get('content-type')).toBe('application/pdf');
    expect(given.headers.get('content-disposition')).toMatch(/^inline; filename="plan.pdf"/);
    const outside = await get(place, eve.tokens, id);
    expect([outside.status, codeOf(outside)]).toEqual([404, 'attachment-unknown']);
  });

  it('[S61] a photograph is handed out upright and without its place, with a thumbnail', async () => {
    const id = await upload(await photograph(600, 400), { name: 'a.jpg', type: 'image/jpeg' });
    const said = await say('', [id]);
    expect(said.status).toBe(201);
    const { location = '' } = (await get(place, ben.tokens, id)).headers;
    const bytes = Buffer.from(await (await fetch(location)).arrayBuffer());
    expect(bytes.includes(SECRET)).toBe(false);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 400, height: 600 });
    const thumbnail = await http(place, `GET /attachments/${id}/thumbnail`, ben);
    const small = await fetch(thumbnail.headers.location ?? '');
    expect(small.headers.get('content-type')).toBe('image/webp');
    const seen = await sharp(Buffer.from(await small.arrayBuffer())).metadata();
    expect(seen).toMatchObject({ format: 'webp', width: 213, height: 320 });
  });

  it('[S61] an animation goes on moving, without its comment', async () => {
    const id = await upload(await animatedGif(), { name: 'a.gif', type: 'image/gif' });
    expect((await say('', [id])).status).toBe(201);
    const { location = '' } = (await get(place, ben.tokens, id)).headers;
    const bytes = Buffer.from(await (await fetch(location)).arrayBuffer());
    expect(bytes.includes(SECRET)).toBe(false);
    expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(2);
  });

  it('a file that did not arrive is no part of a message, and may still come', async () => {
    const bytes = Buffer.from('later');
    const announced = await announce(place, ann.tokens, bytes);
    const early = await say('', [announced.id]);
    expect([early.status, early.body.code]).toEqual([409, 'attachment-not-ready']);
    expect(await sendToStore(announced, bytes)).toBe(200);
    expect((await say('', [announced.id])).status).toBe(201);
  });

  it.each([
    ['down', () => proxy.goDown()],
    ['silent', () => proxy.freeze()],
  ])('messages live while it is %s, and files are refused clearly', async (how, fail) => {
    const waiting = await upload(Buffer.from('came before'));
    fail();
    try {
      let isRefused = false;
      const refused = say('', [waiting]).finally(() => (isRefused = true));
      expect((await say('still here')).status).toBe(201);
      // Silence is borne for five seconds, which no other message waits for.
      if (how === 'silent') expect(isRefused).toBe(false);
      for (let count = 0; count < 20; count++) expect((await say('still here')).status).toBe(201);
      const { status, body } = await refused;
      expect([status, body.code]).toEqual([503, 'store-unavailable']);
    } finally {
      proxy.comeUp();
      proxy.thaw();
    }
    expect((await say('', [waiting])).status).toBe(201);
  });

  it('[S60] a file goes from it with the message that had it', async () => {
    const id = await upload(Buffer.from('not for long'));
    const { seq } = (await say('', [id])).body;
    expect(await bucket.keys()).toContain(`blobs/${id}`);
    expect((await ann.call(`DELETE /rooms/room/messages/${String(seq)}`)).status).toBeLessThan(300);
    expect((await get(place, ben.tokens, id)).status).toBe(404);
    const { AttachmentSweep } = await import('../../../src/attachments/attachment-sweep.js');
    await place.app.get(AttachmentSweep, { strict: false }).sweep();
    expect((await bucket.keys()).join()).not.toContain(id);
  });

  it('the page may talk to it, and to nobody else', async () => {
    const policy = (await http(place, 'GET /')).headers['content-security-policy'];
    const store = new URL(bucket.url).origin;
    expect(policy).toContain(`img-src 'self' data: ${store};`);
    expect(policy).toMatch(new RegExp(`connect-src 'self' [^;]* ${store};`));
  });

  it('the service does not start without its bucket, and says so', async () => {
    const starting = startApp({ ...bucket.env, S3_BUCKET: 'not-there' });
    await expect(starting).rejects.toThrow(/has no bucket not-there: make it, or set S3_BUCKET/);
  });
});
