import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { until } from './bounded.js';
import { ForeignProgram } from './foreign-program.js';
import { freePort } from './ports.js';
import { temporaryFolder } from './service.js';

const DOCUMENT = new URL('../../docs/operations.md', import.meta.url);
const NGINX = '/usr/sbin/nginx';
const OPENSSL = '/usr/bin/openssl';

/**
 * The path that the proxies strip, and one that they pass on: the service has that as BASE_PATH.
 */
export const STRIPPED = '/parley';
export const KEPT = '/kept';

/** A reverse proxy in front of a service, with TLS, on an arbitrary port. */
export interface Front {
  /** Like `https://localhost:54321`. */
  readonly origin: string;
  /** The CA to check its certificate with, in PEM form. */
  readonly ca: string;
  /** Its access log; empty where it has none. */
  readonly requests: () => string;
  /** Its other output. */
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

/** The documentation's blocks in a language, in order: the whole host, then below a path. */
function documented(language: 'nginx' | 'caddyfile'): readonly [string, string] {
  const blocks = readFileSync(DOCUMENT, 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'),
  );
  const [whole, below] = [...blocks].map((match) => match[1] ?? '');
  if (whole === undefined || below === undefined) throw new Error('the documentation has changed');
  return [whole, below];
}

/** The documentation's nginx: only names, ports and files are the test's own. */
export async function startNginx(servicePort: number): Promise<Front> {
  const folder = temporaryFolder('nginx');
  const port = await freePort();
  const ca = makeCertificate(folder);
  const [whole, below] = documented('nginx');
  const kept = below.replace(`${STRIPPED}/`, `${KEPT}/`).replace('//parley/', '//parley');
  const server = whole
    .replace('127.0.0.1:3000', `127.0.0.1:${String(servicePort)}`)
    .replace('listen 443', `listen 127.0.0.1:${String(port)}`)
    .replace('chat.example.org;', 'localhost;')
    .replace(/\/etc\/ssl\/certs\/[^;]+/, join(folder, 'cert.pem'))
    .replace(/\/etc\/ssl\/private\/[^;]+/, join(folder, 'key.pem'))
    .replace('/var/log/nginx/parley.log', join(folder, 'access.log'))
    .replace('    location / {', `${below}${kept}    location / {`);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, amidDistribution(folder, server));
  const program = new ForeignProgram(NGINX, ['-c', file, '-p', folder]);
  const requests = (): string => readFileSync(join(folder, 'access.log'), 'utf8');
  return answering({ origin: `https://localhost:${String(port)}`, ca, requests }, program);
}

/** What a distribution's nginx.conf puts around a file of conf.d. */
function amidDistribution(folder: string, server: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  return [
    ...['daemon off;', 'worker_processes 1;', `pid ${join(folder, 'pid')};`],
    ...['error_log stderr warn;', 'events { worker_connections 256; }', 'http {', ...temporary],
    ...[server, '}', ''],
  ].join('\n');
}

/** The documentation's Caddy, with the certificates that it issues itself. */
export async function startCaddy(servicePort: number): Promise<Front> {
  const folder = temporaryFolder('caddy');
  const port = await freePort();
  const [whole, below] = documented('caddyfile');
  const kept = `handle ${KEPT}/* {\n${siteOf(whole)}}\nhandle {\n${siteOf(whole)}}\n`;
  const site = below
    .replace('example.org', `localhost:${String(port)}`)
    .replace(/\n\}\n$/, `\n${kept}}\n`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${String(servicePort)}`);
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\nadmin off\nauto_https disable_redirects\nskip_install_trust\n}\n${site}`);
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const args = ['run', '--adapter', 'caddyfile', '--config', file];
  const program = new ForeignProgram('caddy', args, { env });
  const root = join(folder, 'caddy/pki/authorities/local/root.crt');
  const ca = await until(
    () => Promise.resolve(readWhereThere(root)),
    "Caddy's certificate",
    () => program.said(),
  );
  const front = { origin: `https://localhost:${String(port)}`, ca, requests: () => '' };
  return answering(front, program);
}

function siteOf(block: string): string {
  return block.slice(block.indexOf('{\n') + 2, block.lastIndexOf('}'));
}

function readWhereThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function makeCertificate(folder: string): string {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...names, ...files];
  const { status, stderr } = spawnSync(OPENSSL, args);
  if (status !== 0) throw new Error(String(stderr));
  return readFileSync(join(folder, 'cert.pem'), 'utf8');
}

async function answering(
  front: Omit<Front, 'said' | 'stop'>,
  program: ForeignProgram,
): Promise<Front> {
  const look = async (): Promise<true | null> => {
    if (program.hasEnded) throw new Error(`the proxy ended: ${program.said()}`);
    const answer = await ask(front, '/health/ready').catch(() => null);
    return answer?.status === 200 ? true : null;
  };
  await until(look, 'the proxy to answer', () => program.said());
  return { ...front, said: () => program.said(), stop: () => program.stop() };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST, as JSON. */
  readonly body?: object;
}

/** Makes a request through a proxy, whose certificate is checked. */
export async function ask(
  { origin, ca }: Pick<Front, 'origin' | 'ca'>,
  path: string,
  { headers = {}, body }: Asking = {},
): Promise<Answer> {
  const call = request(`${origin}${path}`, {
    ca,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  });
  call.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}
