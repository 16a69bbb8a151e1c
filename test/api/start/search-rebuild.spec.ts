import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/bounded.js';
import { onEachEngine } from '../../support/engines.js';
import { enter, type Member } from '../../support/people.js';
import {
  type Service,
  startService,
  temporaryFolder,
  TEST_ENVIRONMENT,
} from '../../support/service.js';
import { type Answer, ask } from '../search/library.js';

const PROGRAM = fileURLToPath(new URL('../../../dist/engines/rebuild/main.js', import.meta.url));
const JWT_SECRET = 'vR8s0mYt4Lq2Zx6NcB1wKd9HgF3jPe7U';

onEachEngine((newDatabase, { isDefault }) => {
  describe('npm run search:rebuild', () => {
    async function rebuild(service: Service, env = {}) {
      const child = spawn(process.execPath, [PROGRAM], {
        cwd: temporaryFolder(),
        env: { ...TEST_ENVIRONMENT, DATA_DIR: service.dataDir, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [out, err] = [text(child.stdout), text(child.stderr)];
      await once(child, 'exit');
      return { code: child.exitCode, out: await out, err: await err };
    }

    /** Waits until so many are found. */
    async function untilFound(service: Service, { tokens }: Member, count: number): Promise<void> {
      let seen = '';
      await until(
        async () => {
          const response = await ask(service, tokens, { q: '张三', limit: '50' });
          seen = `${response.status} ${await response.text()}`;
          const { items } = JSON.parse(seen.slice(4)) as Partial<Answer>;
          return items?.length === count ? true : null;
        },
        `${count} messages`,
        () => seen.slice(0, 500),
        90_000,
      );
    }

    it('throws the index away, and everything is found again', async () => {
      const env = { JWT_SECRET, ...(await newDatabase()) };
      const service = await startService({ env });
      const ann = await enter(service, 'ann');
      for (let n = 0; n < 30; n++) ann.socket.send({ type: 2, data: `张三 ${n}`, ref: `r${n}` });
      await ann.socket.take(30, { type: 6 });
      await untilFound(service, ann, 30);
      if (isDefault) {
        expect(await rebuild(service, env)).toMatchObject({
          code: 1,
          err: expect.stringMatching(/is in use by another service/),
        });
        await service.stop();
        expect(await rebuild(service, env)).toMatchObject({ code: 0, err: '' });
        expect(existsSync(join(service.dataDir, 'search.db'))).toBe(false);
        await service.start();
      } else {
        expect(await rebuild(service, env)).toMatchObject({ code: 0, err: '' });
        await service.logged(/search-index-filled[^]*search-index-filled/);
      }
      await untilFound(service, ann, 30);
    });
  });
});
