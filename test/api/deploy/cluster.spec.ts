import { beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { until } from '../../support/bounded.js';
import { read } from '../../support/documents.js';
import { ForeignProgram } from '../../support/foreign-program.js';
import { freePort } from '../../support/ports.js';
import { guest, join, type Place } from '../../support/people.js';
import { ask, PostgresServer } from '../../support/postgres.js';
import { RedisServer } from '../../support/redis.js';
import { describeWith } from '../../support/requirements.js';
import { Service, TEST_ENVIRONMENT, temporaryFolder } from '../../support/service.js';
import { type Compose, readCompose } from './compose.js';
import { imageEnvironment } from './dockerfile.js';

const VARIABLES = {
  JWT_SECRET: 'a secret of this test, which is long enough',
  POSTGRES_PASSWORD: 'letters1and2digits',
};
const NODES = ['parley-1', 'parley-2', 'parley-3'] as const;
/** The settings are those of the image and the compose file, and no others. */
const NOTHING = Object.fromEntries(Object.keys(TEST_ENVIRONMENT).map((key) => [key, undefined]));

/** What deploy/compose.cluster.yaml starts, on this machine: its names are ports of loopback here. */
class Machine {
  readonly nodes = new Map<string, Service>();

  private constructor(
    private readonly compose: Compose,
    private readonly postgres: PostgresServer,
    private readonly redis: RedisServer,
  ) {}

  static async start(): Promise<Machine> {
    const compose = readCompose('compose.cluster.yaml', VARIABLES);
    const options = compose.services['redis']?.command?.slice(1) ?? [];
    const redis = new RedisServer(await freePort(), options);
    const machine = new Machine(compose, new PostgresServer(), redis);
    await Promise.all([machine.postgres.start(), redis.start()]);
    const database = compose.services['postgres']?.environment?.['POSTGRES_DB'] ?? '';
    await ask(machine.postgres.url(), `create database ${database}`);
    for (const name of NODES) machine.nodes.set(name, await machine.newNode(name));
    await Promise.all([...machine.nodes.values()].map((node) => node.start()));
    return machine;
  }

  /** nginx, with the configuration of deploy/: names, ports and files are the test's own. */
  async startNginx(): Promise<Place> {
    const folder = temporaryFolder('nginx');
    const port = await freePort();
    const file = joinPath(folder, 'nginx.conf');
    writeFileSync(file, this.nginxConfiguration(folder, port));
    const program = new ForeignProgram('/usr/sbin/nginx', ['-c', file, '-p', folder]);
    const url = `http://127.0.0.1:${String(port)}`;
    const look = async (): Promise<true | null> => {
      const answer = await fetch(`${url}/health/ready`).catch(() => null);
      return answer?.status === 200 ? true : null;
    };
    await until(look, 'nginx to answer', () => program.said());
    return { url, wsUrl: `ws://127.0.0.1:${String(port)}/chat` };
  }

  private nginxConfiguration(folder: string, port: number): string {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${joinPath(folder, kind)};`,
    );
    let text = read('deploy/nginx.conf')
      .replace('listen 8080;', `listen 127.0.0.1:${String(port)};`)
      .replace('/dev/stdout', joinPath(folder, 'access.log'))
      .replace('/dev/stderr', joinPath(folder, 'error.log'))
      .replace('worker_processes auto;', 'worker_processes 1;')
      .replace('http {', ['http {', ...temporary].join('\n'));
    for (const [name, node] of this.nodes) {
      text = text.replace(`${name}:3000`, `127.0.0.1:${String(node.port)}`);
    }
    return `daemon off;\npid ${joinPath(folder, 'pid')};\n${text}`;
  }

  private async newNode(name: string): Promise<Service> {
    const subnet = this.compose.networks?.default.ipam.config[0]?.subnet ?? '';
    const here = (text: string): string =>
      text
        .replace('@postgres/', `@127.0.0.1:${String(this.postgres.port)}/`)
        .replace('redis://redis', `redis://127.0.0.1:${String(this.redis.port)}`)
        .replace(subnet, '127.0.0.1');
    const { DATA_DIR: _, PORT: __, ...image } = imageEnvironment();
    const given = Object.entries(this.compose.services[name]?.environment ?? {});
    const env = Object.fromEntries(given.map(([key, value]) => [key, here(value)]));
    return new Service({ port: await freePort(), env: { ...NOTHING, ...image, ...env } });
  }
}

describeWith(
  ['postgresql of its own', 'redis-server', 'nginx'],
  'deploy/compose.cluster.yaml, with the servers of this machine',
  () => {
    let machine: Machine;
    let front: Place;

    beforeAll(async () => {
      machine = await Machine.start();
      front = await machine.startNginx();
    });

    it('is one service: what is said on any node is heard on every other', async () => {
      const ann = await join(front, await guest(front, 'ann'));
      const others = await Promise.all(
        [...machine.nodes.values()].map(async (node) => join(node, await guest(node))),
      );
      ann.send({ type: 2, data: 'hello', ref: 'a' });
      await ann.next({ type: 6, ref: 'a' });
      for (const other of others) await other.next({ type: 2, data: 'hello' });
    });

    it('goes on when the node stops that somebody is on: nginx sends them to another', async () => {
      const tokens = await guest(front, 'ben');
      const ben = await join(front, tokens);
      const node = await nodeOf(machine, tokens.user.id);

      expect(await node.stop()).toBe(0);
      expect((await ben.closed()).code).toBe(1012);
      const again = await join(front, tokens);
      again.send({ type: 2, data: 'back', ref: 'b' });
      await again.next({ type: 6, ref: 'b' });
    });
  },
);

/** The node whose log says that somebody connected to it. */
function nodeOf(machine: Machine, user: string): Promise<Service> {
  const isThere = (node: Service): boolean =>
    node
      .logs()
      .split('\n')
      .some((line) => line.includes('"connected"') && line.includes(user));
  return until(
    () => Promise.resolve([...machine.nodes.values()].find(isThere)),
    'a node to log who connected',
    () => [...machine.nodes.values()].map((node) => node.logs()).join('\n'),
  );
}
