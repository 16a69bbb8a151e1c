import { expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { until } from '../support/bounded.js';
import { guest, join, type Tokens } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { reset } from '../support/reset.js';
import { type Service, startService } from '../support/service.js';

/** Larger than what the kernels of both ends keep of it. */
const LARGE = '/docs/assets/swagger-ui-bundle.js';
/** It takes a place of its address until it is answered. */
const REFUSED_HANDSHAKE = '/socket.io/?EIO=3&transport=polling';
/** Connections of the tests' own that come and go. */
const SLACK = 8;

function openFiles({ pid }: Service): number {
  return readdirSync(`/proc/${String(pid)}/fd`).length;
}

function get(path: string, token?: string): string {
  const auth = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${auth}\r\n`;
}

/** A connection that sends, and reads nothing. */
async function dial(service: Service, requests: string): Promise<Socket> {
  const socket = connect(service.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.write(requests, resolve));
  return socket;
}

async function metric(service: Service, name: string): Promise<number> {
  const port = /"event":"management-listens".*"port":(\d+)/.exec(service.logs())?.[1] ?? '';
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1));
}

describeWith('linux', 'requests whose answers nobody reads', () => {
  let service: Service;
  let ann: Tokens;

  async function started(env: Readonly<Record<string, string>> = {}): Promise<void> {
    service = await startService({ env: { MANAGEMENT_PORT: '0', ...env } });
    ann = await guest(service, 'ann');
  }

  async function untilMetric(name: string, isSo: (value: number) => boolean): Promise<void> {
    let seen = Number.NaN;
    await until(
      async () => isSo((seen = await metric(service, name))) || null,
      `${name} to be as expected`,
      () => String(seen),
    );
  }

  /** So many files are open again as were before, and everybody is served. */
  async function expectBack(before: number): Promise<void> {
    let now = 0;
    await until(
      () => Promise.resolve((now = openFiles(service)) <= before + SLACK || null),
      `at most ${String(before + SLACK)} open files`,
      () => String(now),
    );
    const socket = await join(service, ann);
    await socket.roundTrip();
    await socket.close();
  }

  it('leave nothing behind when their connection ends, whatever they asked for [S43]', async () => {
    await started({ MAX_CONNECTIONS_PER_ADDRESS: '3', ANSWER_TIMEOUT: '1' });
    const before = openFiles(service);
    const kinds: readonly string[] = [
      get('/socket.io/socket.io.js'),
      get(LARGE),
      get('/'),
      get('/docs'),
      get('/docs/openapi.json'),
      get('/rooms/lobby/export', ann.access_token),
      get(REFUSED_HANDSHAKE),
      get('/nowhere'),
      `${get(LARGE)}${get('/rooms/lobby/export', ann.access_token)}${get(REFUSED_HANDSHAKE)}`,
    ];
    const endings: readonly ((socket: Socket) => void)[] = [
      (socket) => socket.destroy(),
      (socket) => socket.end(),
      reset,
    ];
    const ended: Socket[] = [];
    for (const kind of kinds) {
      for (const end of endings) {
        const socket = await dial(service, kind.repeat(400));
        end(socket);
        ended.push(socket);
      }
    }
    await expectBack(before);
    // No place of the address is taken, and no slot of an export.
    const polled = await fetch(`${service.url}/socket.io/?EIO=4&transport=polling`);
    expect(polled.status).toBe(200);
    const exported = await fetch(`${service.url}/rooms/lobby/export`, {
      headers: { authorization: `Bearer ${ann.access_token}` },
    });
    expect(exported.status).toBe(200);
    await untilMetric('parley_http_requests_waiting', (waiting) => waiting === 0);
    for (const socket of ended) socket.destroy();
  });

  it('take no more files than connections, and end when nobody reads them [S43]', async () => {
    await started({ ANSWER_TIMEOUT: '1' });
    const before = openFiles(service);
    const crowd: Socket[] = [];
    while (crowd.length < 40) crowd.push(await dial(service, get(LARGE).repeat(40)));
    await untilMetric('parley_http_unread_bytes', (bytes) => bytes > 0);
    // A descriptor for the connection, and one for the file of the one answer that is under way.
    expect(openFiles(service)).toBeLessThanOrEqual(before + 2 * crowd.length + SLACK);
    await expectBack(before);
    await untilMetric('parley_http_answers_cut_total{reason="too-slow"}', (cut) => cut === 40);
    for (const socket of crowd) socket.destroy();
  });

  it('have a line each where they were answered, and are counted where not [S43]', async () => {
    await started();
    const socket = await dial(service, get('/auth/me').repeat(50) + get(LARGE).repeat(20));
    await untilMetric('parley_http_unread_bytes', (bytes) => bytes > 0);
    await service.logged(/"path":"\/auth\/me"/);
    socket.destroy();
    const lines = (path: string): number => service.logs().split(`"path":"${path}"`).length - 1;
    await untilMetric('parley_http_requests_dropped_total', (dropped) => {
      return dropped > 0 && dropped + lines('/docs/assets/:file') === 20;
    });
    expect(lines('/auth/me')).toBe(50);
    await service.logged(/"event":"requests-dropped","count":\d+/);
  });
});
