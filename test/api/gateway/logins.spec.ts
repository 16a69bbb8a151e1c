import { describe, expect, it } from '@jest/globals';
import { enter, login, register } from '../../support/people.js';
import { startService } from '../../support/service.js';

describe('200 log-ins at once', () => {
  it('leave those who talk alone: they are answered while the passwords wait [S15]', async () => {
    const service = await startService({ env: { HASH_CONCURRENCY: '1', HASH_QUEUE: '200' } });
    const ann = await enter(service, 'ann');
    const ben = await enter(service, 'ben');
    await register(service, 'many');
    let waiting = 200;
    const logins = Promise.all(
      Array.from({ length: 200 }, async () => {
        await login(service, 'many');
        waiting -= 1;
      }),
    );
    for (let i = 0; i < 20; i++) {
      ann.socket.send({ type: 2, data: `remark ${i}`, ref: `r${i}` });
      await ben.socket.next({ type: 2, data: `remark ${i}` });
      await ann.socket.next({ type: 6, ref: `r${i}` });
    }
    expect(waiting).toBeGreaterThan(0);
    await logins;
  });
});
