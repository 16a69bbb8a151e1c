import { describe, expect, it } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { enter } from '../../support/people.js';
import { onEachTransport } from '../../support/transports.js';

onEachTransport(({ enter }) => {
  it('The frames of one connection are handled in order, whatever each of them costs', async () => {
    const place = await startApp();
    await enter(place, 'bob');
    const { socket } = await enter(place, 'sender');
    const refs: string[] = [];
    for (let i = 0; i < 200; i++) {
      const ref = `r${String(i)}`;
      refs.push(ref);
      // Those to a person need a look-up; those to the room do not.
      if (i % 2 === 0) socket.send({ type: 2, data: `m${String(i)}`, ref });
      else socket.send({ type: 3, to: 'bob', data: `m${String(i)}`, ref });
    }
    const acks = await socket.take(200, { type: 6 });
    expect(acks.map((ack) => ack.ref)).toEqual(refs);
  });
});

describe('The frames of one connection', () => {
  it('wait in the socket when they come faster than they are handled, and none is lost', async () => {
    const place = await startApp();
    const { socket } = await enter(place, 'eager');
    for (let i = 0; i < 5_000; i++) socket.send({ type: 2, data: `m${String(i)}` });
    socket.send({ type: 2, data: 'last' });
    const last = await socket.next((frame) => frame.data === 'last');
    expect(last.seq).toBe(5_001);
    const seqs = socket.frames.filter((frame) => frame.room !== undefined).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 5_001 }, (_, i) => i + 1));
  });
});
