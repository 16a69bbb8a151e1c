import { expect, it } from '@jest/globals';
import { residentBytes, SAME_HEAP } from '../../support/memory.js';
import { enter, type Member } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';
import { type Service, startService } from '../../support/service.js';
import { connect } from '../../support/ws-client.js';

const MIB = 1024 * 1024;
const AT_ONCE = 20;
const ROUNDS = 20;
/** What the garbage collector may leave lying about. Were every frame kept, it would be 400 MiB. */
const MEMORY_BOUND = 80 * MIB;

describeWith('linux', 'Frames of a mebibyte, sixteen times what is allowed', () => {
  it('end their connections with 1009, and fill no memory [S17]', async () => {
    const service = await startService({ env: SAME_HEAP });
    const giant = await enter(service, 'giant');
    const bystander = await enter(service, 'bystander');
    await round(service, giant);
    const before = residentBytes(service.pid);
    for (let i = 0; i < ROUNDS; i++) await round(service, giant);

    expect(residentBytes(service.pid) - before).toBeLessThan(MEMORY_BOUND);
    bystander.socket.send({ type: 2, data: 'still here' });
    await bystander.socket.next({ type: 2, data: 'still here' });
  });
});

async function round(service: Service, { tokens }: Member): Promise<void> {
  const text = JSON.stringify({ type: 2, data: 'x'.repeat(MIB) });
  const sockets = await Promise.all(
    Array.from({ length: AT_ONCE }, () => connect(service.wsUrl, { token: tokens.access_token })),
  );
  for (const socket of sockets) socket.send(text);
  const codes = await Promise.all(sockets.map(async (socket) => (await socket.closed()).code));
  expect(new Set(codes)).toEqual(new Set([1009]));
}
