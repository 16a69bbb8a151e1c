import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { type Service, startService } from '../../support/service.js';
import { onEachTransport } from '../../support/transports.js';
import type { Frame } from '../../support/ws-client.js';

const ANOTHER_NODE = fileURLToPath(new URL('../../support/another-node.cjs', import.meta.url));

describe('the service on a Node whose sockets cannot be written to directly [S54]', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { NODE_OPTIONS: `--require ${ANOTHER_NODE}` } });
  });

  afterAll(async () => {
    await service.stop();
  });

  it('says in one line that it writes through the streams, and why', async () => {
    await service.logged(/written to through the streams of Node/);
    expect(service.logs().match(/through the streams/g)).toHaveLength(1);
    expect(service.logs()).toMatch(
      /direct writes failed their proof on Node v\S+ \(Illegal invocation\)/,
    );
  });

  let lastName = 0;

  onEachTransport((clients) => {
    it('talks all the same, whole and in order', async () => {
      const [ann, bob] = await Promise.all(
        ['ann', 'bob'].map((name) => clients.enter(service, `${name}-${++lastName}`)),
      );
      if (ann === undefined || bob === undefined) throw new Error('nobody came');
      const said = Array.from({ length: 20 }, (_, index) => `${'x'.repeat(index * 100)} ${index}`);
      for (const data of said) ann.socket.send({ type: 2, data, ref: `ref-${data.length}` });
      const user = (frame: Frame) => frame.user?.username === ann.tokens.user.username;
      const heard = await bob.socket.take(20, (frame) => frame.type === 2 && user(frame));
      expect(heard.map(({ data }) => data)).toEqual(said);
    });
  });
});
