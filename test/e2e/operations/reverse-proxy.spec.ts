import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { guest, type Place } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';
import { type Service, startService, temporaryFolder } from '../../support/service.js';
import { connect } from '../../support/ws-client.js';

const DOCUMENT = new URL('../../../docs/operations.md', import.meta.url);
const NGINX = '/usr/sbin/nginx';
const OPENSSL = '/usr/bin/openssl';

function example(): string {
  const [, text] = /```nginx\n([^]*?)```/.exec(readFileSync(DOCUMENT, 'utf8')) ?? [];
  if (text === undefined) throw new Error('the documentation has no example');
  return text;
}

/** The example amid what a distribution brings, with files of the test's own. */
function configuration(folder: string, name: string, server: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  const file = join(folder, name);
  const lines = [
    ...['daemon off;', 'worker_processes 1;', `pid ${join(folder, 'pid')};`],
    ...['error_log stderr warn;', 'events { worker_connections 256; }', 'http {', ...temporary],
    ...[server.replace('/var/log/nginx/parley.log', join(folder, 'access.log')), '}', ''],
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}

function makeCertificate(folder: string): void {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const { status, stderr } = spawnSync(OPENSSL, [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=chat.example.org'],
    ...files,
  ]);
  if (status !== 0) throw new Error(String(stderr));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describeWith(['nginx', 'openssl'], 'the nginx of the documentation', () => {
  let folder: string;
  let service: Service;
  let nginx: ChildProcess;
  let place: Place;
  let port: number;
  let said = '';

  beforeAll(async () => {
    folder = temporaryFolder('nginx');
    service = await startService({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
    port = await freePort();
    place = {
      url: `http://127.0.0.1:${String(port)}`,
      wsUrl: `ws://127.0.0.1:${String(port)}/chat`,
    };
    // Without TLS, which would need a client that believes the test's certificate.
    const plain = example()
      .replace('127.0.0.1:3000', `127.0.0.1:${String(service.port)}`)
      .replace('listen 443 ssl', `listen 127.0.0.1:${String(port)}`)
      .replaceAll(/^ *ssl_certificate.*$/gm, '');
    const file = configuration(folder, 'plain.conf', plain);
    nginx = spawn(NGINX, ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    nginx.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await answering();
  });

  afterAll(async () => {
    if (nginx.exitCode !== null) return;
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
  });

  async function answering(): Promise<void> {
    const patience = performance.now() + 10_000;
    while (performance.now() < patience && nginx.exitCode === null) {
      const answer = await fetch(`${place.url}/health/ready`).catch(() => null);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`nginx does not answer: ${said}`);
  }

  it('is what nginx takes for sound, with TLS', () => {
    makeCertificate(folder);
    const whole = example()
      .replace('listen 443', `listen 127.0.0.1:${String(port)}`)
      .replace(/\/etc\/ssl\/certs\/[^;]+/, join(folder, 'cert.pem'))
      .replace(/\/etc\/ssl\/private\/[^;]+/, join(folder, 'key.pem'));
    const file = configuration(folder, 'whole.conf', whole);
    const { status, stderr } = spawnSync(NGINX, ['-t', '-c', file, '-p', folder]);
    expect(stderr.toString()).toMatch(/syntax is ok[^]*test is successful/);
    expect(stderr.toString()).not.toContain('[warn]');
    expect(status).toBe(0);
  });

  it('lets sockets through, and tells whose they are', async () => {
    const { access_token: token } = await guest(place, 'ann');
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const socket = await connect(place.wsUrl, { token, headers });
    await socket.next({ type: 2, user: null });
    socket.send({ type: 2, data: 'through the proxy', ref: 'r1' });
    await socket.next({ type: 6, ref: 'r1' });
    await service.logged(/"event":"connected".*"address":"203\.0\.113\.7"/);
    expect((await socket.close()).code).toBe(1000);
  });

  it('lets an export through', async () => {
    const { access_token: token } = await guest(place, 'bob');
    const response = await fetch(`${place.url}/rooms/lobby/export?format=ndjson`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('through the proxy');
  });

  it('says why an upgrade is refused', async () => {
    const response = await fetch(`${place.url}/chat`);
    expect(response.status).toBe(426);
  });

  it('writes no token to its log', async () => {
    const { access_token: token } = await guest(place, 'carol');
    const socket = await connect(place.wsUrl, { token });
    await socket.close();
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
    const log = readFileSync(join(folder, 'access.log'), 'utf8');
    expect(log).toContain('GET /chat');
    expect(log).not.toContain(token);
  });
});
