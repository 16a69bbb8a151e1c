import { createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { until } from '../../support/bounded.js';
import type { Place, Tokens } from '../../support/people.js';

/** A file's announcement. */
export interface Wanted {
  readonly name?: string;
  readonly type?: string;
  readonly size?: number;
  readonly sha256?: string;
}

/** How a file was announced, and what came of it. */
export interface Announced {
  readonly id: string;
  readonly upload: {
    readonly method: 'PUT';
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly expires_in: number;
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Call {
  readonly tokens?: Tokens | undefined;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | object | undefined;
}

/** Any request, with every header as the service sent it. */
export async function http(place: Place, what: string, call: Call = {}): Promise<Answer> {
  const { tokens, headers = {}, body } = call;
  const [method = '', path = ''] = what.split(' ');
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : json(body);
  const sent = {
    ...(tokens && { authorization: `Bearer ${tokens.access_token}` }),
    ...(bytes && { 'content-length': bytes.length }),
    ...(body !== undefined && !Buffer.isBuffer(body) && { 'content-type': 'application/json' }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(place.url);
    // The path as it is given: a URL would make another one of `..`.
    const asked = { hostname, port, path, method, headers: sent, agent: false };
    const outgoing = request(asked, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('latin1');
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

function json(body: object): Buffer {
  return Buffer.from(JSON.stringify(body));
}

/** The code of a refusal. */
export function codeOf({ text }: Answer): string {
  return (JSON.parse(text) as { code: string }).code;
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function announce(
  place: Place,
  tokens: Tokens,
  bytes: Buffer,
  { name = 'notes.txt', type = 'text/plain', size = bytes.length, sha256 }: Wanted = {},
): Promise<Announced> {
  const body = { name, type, size, ...(sha256 === undefined ? {} : { sha256 }) };
  const answer = await http(place, 'POST /attachments', { tokens, body });
  if (answer.status !== 201) throw new Error(`not announced: ${answer.text}`);
  return JSON.parse(answer.text) as Announced;
}

/** Sends a piece of a file, or all of it. */
export function put(
  place: Place,
  { upload }: Announced,
  bytes: Buffer,
  more: Readonly<Record<string, string | number>> = {},
): Promise<Answer> {
  return http(place, `PUT ${upload.url}`, { headers: { ...upload.headers, ...more }, body: bytes });
}

/** A file that has arrived. @returns its id */
export async function sent(
  place: Place,
  tokens: Tokens,
  bytes: Buffer,
  wanted: Wanted = {},
): Promise<string> {
  const announced = await announce(place, tokens, bytes, wanted);
  const answer = await put(place, announced, bytes);
  if (answer.status !== 200) throw new Error(`not sent: ${answer.text}`);
  return announced.id;
}

export function get(
  place: Place,
  tokens: Tokens,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return http(place, `GET /attachments/${id}`, { tokens, headers });
}

/** How many bytes the service says that it has. */
export async function offsetOf(place: Place, { upload }: Announced): Promise<number> {
  const answer = await http(place, `HEAD ${upload.url}`, { headers: upload.headers });
  return Number(answer.headers['upload-offset']);
}

/** Waits until the service has so many bytes. */
export async function untilReceived(
  place: Place,
  announced: Announced,
  bytes: number,
): Promise<void> {
  let offset = 0;
  const look = async (): Promise<true | null> => {
    offset = await offsetOf(place, announced);
    return offset >= bytes ? true : null;
  };
  await until(look, `${String(bytes)} bytes to arrive`, () => String(offset));
}

/** Sends the beginning of a file, as if all of it came, and keeps the connection open. */
export async function begin(
  place: Place,
  { upload }: Announced,
  beginning: Buffer,
  length: number,
): Promise<{ cut(): void }> {
  const { port, hostname, host } = new URL(place.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const headers = Object.entries({ host, 'content-length': length, ...upload.headers });
  const lines = headers.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('');
  await new Promise<void>((resolve) => {
    socket.write(`PUT ${upload.url} HTTP/1.1\r\n${lines}\r\n`);
    socket.write(beginning, () => {
      resolve();
    });
  });
  return { cut: () => socket.destroy() };
}

/** Bytes that say where they stand. */
export function numbered(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32BE(at, at);
  return bytes;
}

export const PDF = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n<<>>\nendobj\n', 'latin1');
