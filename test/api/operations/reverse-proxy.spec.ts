import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Tokens } from '../../support/people.js';
import { describeWith, type RequirementName } from '../../support/requirements.js';
import {
  ask,
  type Front,
  KEPT,
  startCaddy,
  startNginx,
  STRIPPED,
} from '../../support/reverse-proxies.js';
import { type Service, startService } from '../../support/service.js';
import { dial } from '../../support/socket-io-client.js';
import { connect, refusal } from '../../support/ws-client.js';

const PROXIES: readonly [string, RequirementName[], (port: number) => Promise<Front>][] = [
  ['nginx', ['nginx', 'openssl'], startNginx],
  ['Caddy', ['caddy'], startCaddy],
];

let service: Service;

beforeAll(async () => {
  service = await startService({ env: { TRUSTED_PROXIES: '127.0.0.1', BASE_PATH: KEPT } });
});

describe.each(PROXIES)(
  'behind %s as documented, with TLS, on an odd port',
  (name, needs, start) => {
    describeWith(needs, `${name}:`, () => {
      let front: Front;

      beforeAll(async () => {
        front = await start(service.port);
      });

      async function guest(below = ''): Promise<Tokens> {
        const answer = await ask(front, `${below}/auth/guest`, { body: {} });
        expect(answer.status).toBe(201);
        return JSON.parse(answer.body) as Tokens;
      }

      const wsUrl = (below = ''): string => `${front.origin.replace('https', 'wss')}${below}/chat`;

      describe.each([
        ['at the root', ''],
        ['below a path that the proxy strips', STRIPPED],
        ['below a path that the service knows', KEPT],
      ])('%s', (_where, below) => {
        it('the page and all that it loads are there', async () => {
          const page = await ask(front, `${below}/`);
          expect(page.status).toBe(200);
          const host = front.origin.replace('https://', '');
          expect(page.headers['content-security-policy']).toContain(`wss://${host};`);
          const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, at]) => at);
          expect(addresses.length).toBeGreaterThan(2);
          const docs = await ask(front, `${below}/docs`);
          const documents = [...docs.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, at]) => at);
          for (const [from, list] of [
            [`${below}/`, addresses],
            [`${below}/docs`, documents.filter((at) => at !== 'data:,')],
          ] as const) {
            for (const at of list) {
              const { pathname } = new URL(at ?? '', front.origin + from);
              expect([pathname, (await ask(front, pathname)).status]).toEqual([pathname, 200]);
            }
          }
        });

        it('the slash at the end of the address is found again', async () => {
          for (const [path, to] of [
            [below, '/'],
            [`${below}/docs/`, '/docs'],
          ] as const) {
            if (path === '') continue;
            const { status, headers } = await ask(front, path);
            expect([301, 302, 308]).toContain(status);
            const target = new URL(headers.location ?? '', front.origin + path);
            expect(target.href).toBe(`${front.origin}${below}${to}`);
          }
        });

        it('a socket of the own page opens, and the service knows whose it is [S53]', async () => {
          const { access_token: token, user } = await guest(below);
          const headers = { origin: front.origin, 'x-forwarded-for': '203.0.113.7' };
          const socket = await connect(wsUrl(below), { token, headers, ca: front.ca });
          await socket.next({ type: 2, user: null });
          socket.send({ type: 2, data: 'through the proxy', ref: 'r1' });
          await socket.next({ type: 6, ref: 'r1' });
          // nginx adds to what the client claims, Caddy puts its own word in the place of it.
          const address = name === 'nginx' ? '203\\.0\\.113\\.7' : '127\\.0\\.0\\.1';
          await service.logged(
            new RegExp(`"connected".*"user":"${user.id}".*"address":"${address}"`),
          );
          expect((await socket.close()).code).toBe(1000);
        });

        it.each(['polling', 'websocket'])(
          'Socket.IO gets through by %s, from the own page',
          async (transport) => {
            const { access_token: token } = await guest(below);
            const client = dial(front.origin, {
              path: `${below}/socket.io`,
              transports: [transport],
              auth: { token },
              ca: front.ca,
              extraHeaders: { origin: front.origin },
            });
            await client.next({ type: 2, user: null });
            const answer = await client.ask(2, { data: `by ${transport}` });
            expect(answer.seq).toBeGreaterThan(0);
            client.raw.disconnect();
          },
        );

        it('a socket of a foreign page does not open, and leaves a line [S1] [S53]', async () => {
          const port = new URL(front.origin).port;
          const lies = {
            'x-forwarded-host': 'evil.example',
            'x-forwarded-port': '443',
            forwarded: 'for=192.0.2.1;host=evil.example;proto=https',
          };
          for (const origin of [
            'https://localhost',
            `http://localhost:${port}`,
            `https://localhost:${String(Number(port) - 1)}`,
            'https://evil.example',
          ]) {
            const headers = { origin, ...lies };
            const { status } = await refusal(wsUrl(below), { headers, ca: front.ca });
            expect([origin, status]).toEqual([origin, 403]);
          }
          await service.logged(/"event":"origin-refused"/);
        });
      });

      it('an export gets through', async () => {
        const { access_token: token } = await guest();
        const headers = { authorization: `Bearer ${token}` };
        const answer = await ask(front, '/rooms/lobby/export?format=ndjson', { headers });
        expect(answer.status).toBe(200);
        expect(answer.body).toContain('through the proxy');
      });

      it('the reason of a refused upgrade gets through', async () => {
        expect((await ask(front, '/chat')).status).toBe(426);
      });

      it('no token comes into the log of requests', async () => {
        const { access_token: token } = await guest();
        const socket = await connect(wsUrl(), { token, ca: front.ca });
        await socket.close();
        await front.stop();
        expect(front.requests()).not.toContain(token);
        expect(front.said()).not.toContain('[warn]');
        if (name === 'nginx') expect(front.requests()).toContain('GET /chat');
      });
    });
  },
);
