import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { enter, guest, join, register, type Tokens } from '../../support/people.js';
import { type Service, startService } from '../../support/service.js';

const CANARY = 'canary7f3a91';

interface Line {
  readonly level: string;
  readonly event?: string;
  readonly request?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
}

describe('the log', () => {
  let service: Service;
  let ann: Tokens;

  beforeAll(async () => {
    service = await startService({ env: { LOG_LEVEL: 'trace' } });
    ann = await guest(service, 'ann');
  });

  function lines(): readonly Line[] {
    const text = service.logs().trimEnd();
    return text.split('\n').map((line) => JSON.parse(line) as Line);
  }

  /** The line is written when the answer is out, which the client may see first. */
  async function lineOf(request: string | null): Promise<Line> {
    const patience = performance.now() + 10_000;
    while (performance.now() < patience) {
      const line = lines().find((one) => one.event === 'answered' && one.request === request);
      if (line !== undefined) return line;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`no line for the request ${String(request)}:\n${service.logs()}`);
  }

  async function raw(request: string): Promise<string> {
    const socket = connect(service.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.end(request);
    await once(socket, 'close');
    return answer;
  }

  it('has a line for each answer, with the id that the answer carries', async () => {
    const headers = { authorization: `Bearer ${ann.access_token}` };
    const response = await fetch(`${service.url}/rooms/lobby/messages?limit=5`, { headers });
    await response.text();
    const line = await lineOf(response.headers.get('x-request-id'));
    expect(line).toMatchObject({
      level: 'info',
      method: 'GET',
      path: '/rooms/:room/messages',
      status: 200,
    });
  });

  it('has a line for what is refused before it comes to a route', async () => {
    const response = await fetch(`${service.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username":',
    });
    expect(response.status).toBe(400);
    expect(await lineOf(response.headers.get('x-request-id'))).toMatchObject({ status: 400 });
  });

  it('is one JSON object per line, whatever a client sends [S37]', async () => {
    await raw(
      'GET /nothing%0d%0a{"level":"error"} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    await raw('GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n');
    const response = await fetch(`${service.url}/nothing%0D%0A%7B%22level%22%3A%22error%22%7D`);
    const line = await lineOf(response.headers.get('x-request-id'));
    expect(line.path).toBe('/nothing%0D%0A%7B%22level%22%3A%22error%22%7D');
    expect(lines().length).toBeGreaterThan(0);
  });

  it('never holds a password, a token, a ticket or a text [S3] [S38]', async () => {
    const bob = await register(service, 'bob', `${CANARY}-password`);
    const socket = await join(service, bob);
    socket.send({ type: 2, data: `${CANARY} text`, ref: 'r1' });
    await socket.next({ type: 6, ref: 'r1' });
    socket.send(`{"type":2,"data":"${CANARY}`);
    socket.send({ type: 2, data: { [CANARY]: CANARY } });
    socket.send({ type: 9, data: CANARY });
    await socket.closed();
    for (const path of [
      `/nothing?token=${CANARY}&%74icket=${CANARY}`,
      `/nothing?token=${bob.access_token}`,
      `/rooms/lobby/messages?token=${CANARY}`,
      `/direct/${CANARY}/messages?ticket=${CANARY}`,
    ]) {
      const authorization = `Bearer ${CANARY}`;
      const response = await fetch(service.url + path, { headers: { authorization } });
      await lineOf(response.headers.get('x-request-id'));
    }
    const log = service.logs() + service.output();
    const secrets = [CANARY, bob.access_token, bob.refresh_token, ann.access_token];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });

  it.each(['token[]', 'token%5B%5D', 'ticket[0]', '%2574icket', 'Token', '+token'])(
    'takes a secret for one in whatever form its parameter comes: %s [S3] [S44]',
    async (name) => {
      const response = await fetch(`${service.url}/nothing?a=1&${name}=${CANARY}-2`);
      await lineOf(response.headers.get('x-request-id'));
      expect(service.logs()).not.toContain(`${CANARY}-2`);
    },
  );

  it('has no stack for what a client did wrong', () => {
    expect(service.logs()).not.toContain('stack');
  });
});

describe('a log that strangers fill', () => {
  it('has so many lines of each kind, and says how many it has not [S50]', async () => {
    const service = await startService({ env: { LOG_RATE: '2' } });
    const wanted = 200;
    for (let sent = 0; sent < wanted; sent += 20) {
      await Promise.all(Array.from({ length: 20 }, () => fetch(`${service.url}/nothing`)));
    }
    // Another kind has its room all the same.
    await (await enter(service, 'ann')).socket.close();
    await service.logged(/"event":"connected"/);
    await service.logged(/"event":"lines-dropped","kind":"info answered"/);
    await service.stop();
    const lines = service.logs().trimEnd().split('\n');
    const written = lines.filter((line) => line.includes('"path":"/nothing"')).length;
    const dropped = lines
      .map((line) => JSON.parse(line) as { event?: string; kind?: string; count?: number })
      .filter(({ event, kind }) => event === 'lines-dropped' && kind === 'info answered')
      .reduce((sum, { count = 0 }) => sum + count, 0);
    // One line is the guest's.
    expect([wanted, wanted + 1]).toContain(written + dropped);
    expect(written).toBeLessThan(wanted / 2);
  });
});
