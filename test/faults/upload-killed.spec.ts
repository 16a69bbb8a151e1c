import { beforeAll, describe, expect, it } from '@jest/globals';
import { enter, join, type Member } from '../support/people.js';
import { type Service, startService } from '../support/service.js';
import {
  type Announced,
  announce,
  begin,
  codeOf,
  digestOf,
  get,
  numbered,
  offsetOf,
  put,
  untilReceived,
} from '../api/attachments/files.js';
import { ask, done } from '../api/messages/calls.js';

const SIZE = 4 * 1024 * 1024;

describe('kill -9 in the middle of an upload [F18]', () => {
  const bytes = numbered(SIZE);
  let service: Service;
  let ann: Member;

  beforeAll(async () => {
    service = await startService({ env: { ATTACHMENT_RATE: '0' } });
    ann = await enter(service, 'ann');
  });

  const announced = () => announce(service, ann.tokens, bytes, { sha256: digestOf(bytes) });

  async function killAndStart(): Promise<void> {
    await service.kill();
    await service.start();
    ann = { ...ann, socket: await join(service, ann.tokens) };
  }

  /** Sends what is missing, and has it in a message. */
  async function complete(file: Announced): Promise<void> {
    const offset = Math.min(await offsetOf(service, file), SIZE - 1);
    const range = {
      'content-range': `bytes ${String(offset)}-${String(SIZE - 1)}/${String(SIZE)}`,
    };
    expect((await put(service, file, bytes.subarray(offset), range)).status).toBe(200);
    await done(ann.socket, { type: 2, data: '', attachments: [file.id] });
    const read = await get(service, ann.tokens, file.id);
    expect(Buffer.from(read.text, 'latin1').equals(bytes)).toBe(true);
  }

  it('leaves nothing half to be had, and it goes on with what was there', async () => {
    const file = await announced();
    await begin(service, file, bytes.subarray(0, SIZE / 2), SIZE);
    await untilReceived(service, file, SIZE / 4);
    await killAndStart();
    const read = await get(service, ann.tokens, file.id);
    expect([read.status, codeOf(read)]).toEqual([409, 'attachment-not-ready']);
    expect(await ask(ann.socket, { type: 2, data: '', attachments: [file.id] })).toMatchObject({
      ...{ type: 7, code: 'attachment-not-ready' },
    });
    expect(await offsetOf(service, file)).toBeGreaterThanOrEqual(SIZE / 4);
    await complete(file);
  });

  it('is the same while it is looked at and put in its place', async () => {
    for (const wait of [0, 2, 5, 10, 20]) {
      const file = await announced();
      const answer = put(service, file, bytes).catch(() => null);
      await untilReceived(service, file, SIZE);
      // At another moment each time; what is to hold does not depend on it.
      for (let turn = 0; turn < wait; turn++) await new Promise(setImmediate);
      await killAndStart();
      await answer;
      const { status } = await get(service, ann.tokens, file.id);
      expect([200, 409]).toContain(status);
      await complete(file);
    }
  });
});
