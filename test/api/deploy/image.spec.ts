import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import type { ContainedProcess } from '../../support/clean-root.js';
import { freePort } from '../../support/ports.js';
import { guest, join, type Place, type Tokens } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';
import { isIgnored, readStages } from './dockerfile.js';
import { Image } from './image.js';

const SECRET = 'a secret of this test, which is long enough';

describe('.dockerignore', () => {
  it.each(['.env', 'data/parley.db', '.git/config', 'node_modules/ws/index.js', 'dist/main.js'])(
    'keeps %s out of the image',
    (path) => {
      expect(isIgnored(path)).toBe(true);
    },
  );
});

describe('deploy/Dockerfile', () => {
  it('begins each stage with the same Node, of a version with long-term support', () => {
    expect(new Set(readStages().map(({ base }) => base))).toEqual(
      new Set(['node:24-bookworm-slim']),
    );
  });
});

describeWith(['root', 'linux'], 'the image, by its own steps in a clean root', () => {
  let image: Image;
  let place: Place;
  let env: Record<string, string>;
  let node: ContainedProcess;
  let tokens: Tokens;

  beforeAll(async () => {
    image = await Image.build();
    const port = await freePort();
    place = {
      url: `http://127.0.0.1:${String(port)}`,
      wsUrl: `ws://127.0.0.1:${String(port)}/chat`,
    };
    env = { JWT_SECRET: SECRET, PORT: String(port) };
  }, 900_000);

  it('holds what runs, and nothing of what builds or tests it', () => {
    const has = (path: string): boolean => existsSync(image.root.at(`/app/${path}`));
    expect(['dist/main.js', 'dist/web/index.html', 'node_modules/ws'].filter(has)).toHaveLength(3);
    expect(['src', 'test', 'node_modules/typescript', 'node_modules/jest'].filter(has)).toEqual([]);
  });

  it('does not start without a secret, and says so', async () => {
    const { JWT_SECRET: _, ...without } = env;
    const run = image.run(without);
    expect(await run.ended()).toBe(1);
    expect(run.said()).toContain('JWT_SECRET: must be set in production');
  });

  it('serves as the first process, as another user than root, with a root that cannot be written to', async () => {
    node = image.run(env);
    await node.says(/^Parley is ready at/m);
    tokens = await guest(place, 'ann');
    const socket = await join(place, tokens);
    socket.send({ type: 2, data: 'kept', ref: 'a' });
    expect(await socket.next({ type: 6 })).toMatchObject({ ref: 'a', seq: 1 });
    expect((await fetch(place.url)).headers.get('content-type')).toContain('text/html');
    expect((await fetch(`${place.url}/docs/openapi.json`)).status).toBe(200);

    expect(image.config.user).toBe('node');
    expect(statSync(image.root.at('/data')).mode & 0o777).toBe(0o700);
    expect(statSync(image.root.at('/data/parley.db')).uid).toBe(1000);
    const write = image.run({}, ['touch', '/app/anything']);
    expect(await write.ended()).not.toBe(0);
    expect(write.said()).toContain('Read-only file system');
  });

  it('is healthy while it answers', async () => {
    const check = image.run(env, image.config.health);
    expect([await check.ended(), check.said()]).toEqual([0, '']);
  });

  it('backs its database up', async () => {
    const backup = ['node', 'dist/engines/sqlite/backup.js', '/data/backup.db'];
    expect(await image.run(env, backup).ended()).toBe(0);
  });

  it('stops in order by the signal that an engine sends', async () => {
    const socket = await join(place, tokens);
    node.signal(image.config.stopSignal);
    expect((await socket.closed()).code).toBe(1012);
    expect(await node.ended()).toBe(0);
  });

  it('is not healthy when it is gone', async () => {
    expect(await image.run(env, image.config.health).ended()).toBe(1);
  });

  it('finds what its volume keeps when it is started again', async () => {
    node = image.run(env);
    await node.says(/^Parley is ready at/m);
    const response = await fetch(`${place.url}/rooms/lobby/messages`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await response.json()).toMatchObject({ head: 1, items: [{ data: 'kept' }] });
    await node.kill();
  });
});
