import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import type { Upload } from '../../src/attachments/blob-store.js';
import { dispositionOf } from '../../src/attachments/disposition.js';
import type { S3Settings } from '../../src/config/settings.js';
import { S3BlobStore } from '../../src/engines/s3/s3-blob-store.js';
import { S3Client } from '../../src/engines/s3/s3-client.js';
import { S3Outage } from '../../src/engines/s3/s3-outage.js';
import { S3Signer } from '../../src/engines/s3/s3-signer.js';
import { checkBucket } from '../../src/engines/s3/s3-start.js';
import { type Clock, SystemClock } from '../../src/kernel/clock.js';
import { type Scheduler, SystemScheduler } from '../../src/kernel/scheduler.js';
import { until } from '../support/bounded.js';
import { HandClock } from '../support/hand-clock.js';
import { describeWith } from '../support/requirements.js';
import { DOMAIN, type S3Bucket, s3Server } from '../support/s3.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { blobOf, blobStoreContract } from './blob-store.suite.js';

const clients: S3Client[] = [];

function connect(
  settings: S3Settings,
  clock: Clock = new SystemClock(),
  scheduler: Scheduler = new SystemScheduler(),
) {
  const signer = new S3Signer(settings, clock);
  const client = new S3Client(settings, signer, scheduler, new S3Outage());
  clients.push(client);
  return { client, store: new S3BlobStore(settings, client, signer) };
}

function newBlob(bytes: Buffer, sha256: string | null = sha256Of(bytes)) {
  return blobOf(bytes, { type: 'image/png', sha256 });
}

async function sendTo({ url, headers }: Upload, bytes: Buffer, others = {}) {
  const body = new Uint8Array(bytes);
  const answer = await fetch(url, { method: 'PUT', body, headers: { ...headers, ...others } });
  await answer.text();
  return answer.status;
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describeWith('swift', 'Attachments in a store that speaks S3', () => {
  let bucket: S3Bucket;
  let store: S3BlobStore;

  beforeAll(async () => {
    bucket = await (await s3Server()).bucket();
    store = connect(bucket.settings).store;
  });

  afterAll(() => {
    for (const client of clients) client.close();
  });

  blobStoreContract(() => {
    const { store: blobs } = connect(bucket.settings);
    return Promise.resolve({
      blobs,
      upload: async (blob, bytes) => {
        expect(await sendTo(await blobs.uploadFor(blob), bytes)).toBe(200);
      },
      hasUpload: async (id) => (await bucket.keys()).includes(`uploads/${id}`),
      reopen: () => Promise.resolve(connect(bucket.settings).store),
    });
  });

  /** Announced, sent by its URL, and looked at. */
  async function arrive(bytes: Buffer, sha256?: string | null) {
    const blob = newBlob(bytes, sha256);
    const upload = await store.uploadFor(blob);
    expect(await sendTo(upload, bytes)).toBe(200);
    expect(await store.arrived(blob)).not.toBeNull();
    return { ...blob, upload };
  }

  it('are not hashed where nobody asked for it', async () => {
    const bytes = Buffer.from('whatever');
    const blob = newBlob(bytes, null);
    expect(await sendTo(await store.uploadFor(blob), bytes)).toBe(200);
    expect(await store.arrived(blob)).toEqual({ size: bytes.length, sha256: null });
  });

  it('[S61] are taken in their announced length, type and checksum only', async () => {
    const bytes = Buffer.from('0123456789');
    const blob = newBlob(bytes);
    const upload = await store.uploadFor(blob);
    const other = Buffer.from('other bytes').toString('base64');
    expect(await sendTo(upload, Buffer.from('01234567890'))).toBe(403);
    expect(await sendTo(upload, Buffer.from('012345678'))).toBe(403);
    expect(await sendTo(upload, bytes, { 'content-type': 'text/html' })).toBe(403);
    expect(await sendTo(upload, bytes, { 'x-amz-checksum-sha256': other })).toBe(403);
    const elsewhere = upload.url.replace('/uploads/', '/blobs/');
    expect(await sendTo({ ...upload, url: elsewhere }, bytes)).toBe(403);
    const anew = upload.url.replace('X-Amz-Expires=3600', 'X-Amz-Expires=36000');
    expect(await sendTo({ ...upload, url: anew }, bytes)).toBe(403);
    expect(await store.arrived(blob)).toBeNull();
    expect(await sendTo(upload, bytes)).toBe(200);
  });

  it('[S61] are told by their bytes, where the store passes a checksum by', async () => {
    const blob = newBlob(Buffer.from('announced!'));
    const sent = Buffer.from('different!');
    expect(await sendTo(await store.uploadFor(blob), sent)).toBe(200);
    expect(await store.arrived(blob)).toEqual({ size: 10, sha256: sha256Of(sent) });
  });

  it('[S61] are sealed as they were looked at, whatever is sent by the same URL meanwhile', async () => {
    const looked = Buffer.from('a picture!');
    const { id, upload } = await arrive(looked, null);
    expect(await sendTo(upload, Buffer.from('<script />'))).toBe(200);
    await expect(store.peek(id, 10)).rejects.toMatchObject({ code: 'attachment-not-ready' });
    await expect(store.seal(id)).rejects.toMatchObject({ code: 'attachment-not-ready' });
    expect(await bucket.keys()).not.toContain(`blobs/${id}`);
  });

  it('[S61] stay as they are once sealed, whatever is sent by the same URL', async () => {
    const { id, upload } = await arrive(Buffer.from('a picture!'), null);
    await store.seal(id);
    expect(await sendTo(upload, Buffer.from('<script />'))).toBe(200);
    expect(await text(await store.open(id, null, null))).toBe('a picture!');
  });

  it('are sealed again after a crash between sealing and noting it', async () => {
    const bytes = Buffer.from('sealed, and nobody knows');
    const blob = await arrive(bytes);
    await store.seal(blob.id);
    const next = connect(bucket.settings).store;
    expect(await next.arrived(blob)).toEqual({ size: bytes.length, sha256: blob.sha256 });
    expect(await next.peek(blob.id, bytes.length)).toEqual(bytes);
    await next.seal(blob.id);
    expect(await buffer(await next.open(blob.id, null, null))).toEqual(bytes);
  });

  it('are handed out by a URL with the type and name that the service says', async () => {
    const { id } = await arrive(Buffer.from('<html>'));
    await store.seal(id);
    const url = await store.link(id, null, dispositionOf('照片 "1".html', 'text/html'), 60);
    const answer = await fetch(url);
    expect(await answer.text()).toBe('<html>');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="__ _1_.html"; filename*=UTF-8''%E7%85%A7%E7%89%87%20%221%22.html`,
    );
    const lying = url.replace('application%2Foctet-stream', 'text%2Fhtml');
    expect(lying).not.toBe(url);
    expect((await fetch(lying)).status).toBe(403);
  });

  it('[S60] are handed out by a URL for its seconds, and without one to nobody', async () => {
    const { id } = await arrive(Buffer.from('private'));
    await store.seal(id);
    const answer = { type: 'application/pdf', disposition: 'inline' };
    const aMinuteAgo = new HandClock(Date.now() - 61_000);
    const expired = await connect(bucket.settings, aMinuteAgo).store.link(id, null, answer, 60);
    expect((await fetch(expired)).status).toBe(403);
    const fresh = await store.link(id, null, answer, 60);
    expect((await fetch(fresh)).status).toBe(200);
    const bare = fresh.slice(0, fresh.indexOf('?'));
    expect((await fetch(bare)).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(fresh, { method: 'DELETE' })).status).toBe(403);
  });

  it('[S60] are removed with everything beside them, sealed or not, more than once', async () => {
    const sealed = await arrive(Buffer.from('sealed'));
    await store.putBeside(sealed.id, 'thumbnail', Buffer.from('small'));
    await store.seal(sealed.id);
    const waiting = await arrive(Buffer.from('waiting'));
    const kept = await arrive(Buffer.from('kept'));
    await store.seal(kept.id);

    for (let times = 0; times < 2; times++) await store.remove([sealed.id, waiting.id]);

    const keys = (await bucket.keys()).join();
    expect(keys).not.toContain(sealed.id);
    expect(keys).not.toContain(waiting.id);
    expect(keys).toContain(`blobs/${kept.id}`);
    await expect(store.open(sealed.id, null, null)).rejects.toMatchObject({
      code: 'attachment-unknown',
    });
  });

  it('[S61] have no other names than ids', async () => {
    for (const id of ['../secret', '', 'a'.repeat(23), `${'a'.repeat(21)}/`]) {
      await expect(store.open(id, null, null)).rejects.toThrow('not a name of a blob');
      await expect(store.remove([id])).rejects.toThrow('not a name of a blob');
    }
  });

  it('are in a virtual host, where that is set', async () => {
    const { port } = await s3Server();
    const virtual: S3Settings = {
      ...bucket.settings,
      addressing: 'virtual',
      publicEndpoint: `http://${DOMAIN}:${String(port)}`,
    };
    const { id } = await arrive(Buffer.from('in a host'));
    await store.seal(id);
    const answer = { type: 'application/pdf', disposition: 'inline' };
    const url = new URL(await connect(virtual).store.link(id, null, answer, 60));
    expect(url.host).toBe(`${virtual.bucket}.${DOMAIN}:${String(port)}`);
    expect(url.pathname).toBe(`/blobs/${id}`);
    // Whatever names this machine resolves.
    const body = await new Promise<string>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path: url.pathname + url.search, headers: { host: url.host } },
        (response) => void text(response).then(resolve, reject),
      );
      asked.once('error', reject).end();
    });
    expect(body).toBe('in a host');
  });

  describe('at a start', () => {
    it.each([
      ['has no such bucket', { bucket: 'nothing-here' }, 'has no bucket nothing-here: make it'],
      ['refuses the key', { secretAccessKey: 'wrong' }, 'refuses the key'],
      ['is not there', { endpoint: 'http://127.0.0.1:1' }, 'does not answer'],
    ])('say what to do where the store %s', async (_what, changed, sentence) => {
      const settings = { ...bucket.settings, ...changed };
      const { client } = connect(settings);
      const failure = checkBucket(client, settings);
      await expect(failure).rejects.toMatchObject({ name: 'StartFailure' });
      await expect(failure).rejects.toThrow(sentence);
      await expect(failure).rejects.not.toThrow(/wrong|secret-of/);
    });

    it('go on where the bucket is there', async () => {
      const { client } = connect(bucket.settings);
      await expect(checkBucket(client, bucket.settings)).resolves.toBeUndefined();
    });
  });

  describe('while the store is not well', () => {
    let proxy: TcpProxy;
    let through: S3Settings;

    beforeAll(async () => {
      proxy = await startProxy((await s3Server()).port);
      through = { ...bucket.settings, endpoint: proxy.url };
    });

    const unavailable = { code: 'store-unavailable', retryable: true };

    it('are refused, to be tried again, and are there when it is back', async () => {
      const { store } = connect(through);
      const { id } = await arrive(Buffer.from('still there'));
      await store.seal(id);
      proxy.goDown();
      const blob = newBlob(Buffer.from('new'));
      await expect(store.open(id, null, null)).rejects.toMatchObject(unavailable);
      await expect(store.arrived(blob)).rejects.toMatchObject(unavailable);
      await expect(store.seal(id, Buffer.from('x'))).rejects.toMatchObject(unavailable);
      await expect(store.remove([id])).rejects.toMatchObject(unavailable);
      proxy.comeUp();
      expect(await text(await store.open(id, null, null))).toBe('still there');
    });

    it('are refused after 5 seconds of silence', async () => {
      const clock = new HandClock();
      const { store } = connect(through, new SystemClock(), clock);
      proxy.freeze();
      const opening = store.open(randomBytes(16).toString('base64url'), null, null);
      const refused = expect(opening).rejects.toMatchObject(unavailable);
      const isWaiting = (): Promise<true | null> => Promise.resolve(clock.waiting > 0 || null);
      await until(isWaiting, 'the request to be sent', () => 'it was not');
      clock.advance(4_999);
      expect(clock.waiting).toBe(1);
      clock.advance(1);
      await refused;
      proxy.thaw();
    });

    it('are all there or not at all, where it is cut off in the middle of taking them', async () => {
      const { store } = connect(through);
      const before = await arrive(Buffer.from('first'));
      await store.seal(before.id, Buffer.alloc(200_000, 1));
      const whole = Buffer.alloc(200_000, 2);
      for (const bytes of [2_000, 150_000]) {
        const { id } = await arrive(Buffer.from('second'));
        proxy.cutAfter(bytes, 'up');
        // The cut is over in a moment, and so it is tried again.
        await store.seal(id, whole);
        expect(await buffer(await store.open(id, null, null))).toEqual(whole);
      }
      const { id } = await arrive(Buffer.from('third'));
      const hand = new HandClock();
      const dying = connect(through, new SystemClock(), hand).store;
      proxy.cutAfter(100_000, 'up');
      void dying.seal(id, whole).catch(() => undefined);
      await expect(store.open(id, null, null)).rejects.toMatchObject({
        code: 'attachment-unknown',
      });
    });
  });
});
