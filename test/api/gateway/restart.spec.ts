import { describe, expect, it } from '@jest/globals';
import { enter, join } from '../../support/people.js';
import { startService } from '../../support/service.js';

describe('The service', () => {
  it('closes with 1012 and a delay when it is stopped, after everything was acknowledged', async () => {
    const service = await startService();
    const people = await Promise.all(['ann', 'ben', 'cat'].map((name) => enter(service, name)));
    const [ann] = people;
    if (!ann) throw new Error('nobody is here');
    for (let i = 0; i < 100; i++) ann.socket.send({ type: 2, data: `m${i}`, ref: `r${i}` });
    await ann.socket.next({ type: 6 });
    const code = await service.stop();
    expect(code).toBe(0);
    for (const { socket } of people) {
      expect(await socket.closed()).toEqual({
        code: 1012,
        reason: expect.stringMatching(/^restarting retry_after=\d+$/),
      });
    }
    const acked = ann.socket.frames.filter((frame) => frame.type === 6).length;
    const refused = ann.socket.frames.filter((frame) => frame.code === 'stopping').length;
    expect(acked + refused).toBe(100);
    for (const { socket } of people) {
      const heard = socket.frames.filter((frame) => frame.type === 2 && frame.user !== null);
      expect(heard).toHaveLength(acked);
    }
  });

  it('has everything it acknowledged after a kill -9, once and in order', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    for (let i = 0; i < 500; i++) ann.socket.send({ type: 2, data: `m${i}`, ref: `r${i}` });
    await ann.socket.take(100, { type: 6 });
    await service.kill();
    await ann.socket.closed();
    const acks = ann.socket.frames.filter((frame) => frame.type === 6);
    await service.restart();
    const socket = await join(service, ann.tokens);
    socket.send({ type: 8, data: { lobby: 0 } });
    await socket.next({ type: 8 });
    const stored = socket.frames.filter((frame) => frame.room === 'lobby');
    expect(stored.map((frame) => frame.seq)).toEqual(stored.map((_, i) => i + 1));
    expect(stored.map((frame) => frame.data)).toEqual(stored.map((_, i) => `m${i}`));
    for (const { id, seq } of acks) {
      expect(stored[(seq ?? 0) - 1]).toMatchObject({ id, seq });
    }
  });
});
