import { expect } from '@jest/globals';
import { type ConformanceCase, leave, type Stage } from './case.js';
import { ping } from './frames.js';
import {
  expectSwitch,
  expectWelcome,
  KEY,
  requestText,
  type UpgradeRequest,
  upgradeRequest,
} from './handshake.js';
import { Wire } from './wire.js';

type Change = (request: UpgradeRequest) => UpgradeRequest;

const CANARY = 'canary-9b1d';

function without(name: string): Change {
  return (request) => ({
    ...request,
    headers: request.headers.filter(([other]) => other !== name),
  });
}

function adding(name: string, value: string): Change {
  return (request) => ({ ...request, headers: [...request.headers, [name, value]] });
}

function replacing(name: string, value: string): Change {
  return (request) => ({
    ...request,
    headers: request.headers.map((header) => (header[0] === name ? [name, value] : header)),
  });
}

function renaming(rename: (name: string) => string): Change {
  return (request) => ({
    ...request,
    headers: request.headers.map(([name, value]) => [rename(name), value]),
  });
}

function asking(line: Partial<Omit<UpgradeRequest, 'headers'>>): Change {
  return (request) => ({ ...request, ...line });
}

/** The request is answered with a socket that works. */
function opens(name: string, change: Change, protocol?: string): ConformanceCase {
  return {
    name,
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(requestText(change(upgradeRequest(tokens.access_token))));
      expectSwitch(await wire.head(), protocol);
      await expectWelcome(wire);
      await leave(wire);
    },
  };
}

interface Refusal {
  readonly status: number;
  /** Of the problem detail. */
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly staysOpen?: boolean;
}

/** The request is answered with HTTP, and the connection ends. */
function refuses(name: string, change: Change, refusal: Refusal): ConformanceCase {
  return {
    name,
    run: async (stage) => {
      await expectRefusal(stage, requestText(change(upgradeRequest(token(stage)))), refusal);
    },
  };
}

function refusesText(name: string, request: string, refusal: Refusal): ConformanceCase {
  return { name, run: (stage) => expectRefusal(stage, request, refusal) };
}

function token({ tokens }: Stage): string {
  return tokens.access_token;
}

async function expectRefusal(
  { port }: Stage,
  request: string,
  { status, code, headers = {}, staysOpen = false }: Refusal,
): Promise<void> {
  const wire = new Wire(port);
  wire.write(request);
  const head = await wire.head();
  expect(head.status).toBe(status);
  expect(head.headers.get('connection')).toEqual([staysOpen ? 'keep-alive' : 'close']);
  for (const [name, value] of Object.entries(headers)) {
    expect(head.headers.get(name)).toEqual([value]);
  }
  if (staysOpen) wire.end();
  const body = await wire.rest();
  expect(body).not.toContain(CANARY);
  expect(head.headers.get('content-type')?.[0]).toMatch(/^application\/problem\+json/);
  const [id] = head.headers.get('x-request-id') ?? [];
  expect(JSON.parse(body)).toMatchObject({ status, code, request_id: id });
  wire.end();
}

const BAD_REQUEST: Refusal = { status: 400, code: 'bad-request' };
const UPGRADE_REQUIRED: Refusal = {
  status: 426,
  code: 'upgrade-required',
  headers: { 'sec-websocket-version': '13', upgrade: 'websocket' },
};
/** There is no upgrade to refuse: the connection may go on with another request. */
const NO_UPGRADE: Refusal = { ...UPGRADE_REQUIRED, staysOpen: true };
const NOT_FOUND: Refusal = { status: 404, code: 'not-found' };
const TOO_MANY_HEADERS: Refusal = { status: 431, code: 'too-many-headers' };
const HEADERS_TOO_LARGE: Refusal = { status: 431, code: 'headers-too-large' };
/** The parser of Node 26 says no first; that of 20 leaves it to the service. */
const EITHER_WAY: Refusal = {
  status: 431,
  code: expect.stringMatching(/^(too-many-headers|headers-too-large)$/) as unknown as string,
};

function manyHeaders(count: number, name = 'X-H'): Change {
  return (request) => ({
    ...request,
    headers: [...request.headers, ...Array.from({ length: count }, () => [name, ''] as const)],
  });
}

export const ACCEPTED: readonly ConformanceCase[] = [
  opens('a plain request', (request) => request),
  opens(
    'names of headers in lower case',
    renaming((name) => name.toLowerCase()),
  ),
  opens(
    'names of headers in upper case',
    renaming((name) => name.toUpperCase()),
  ),
  opens('Upgrade in another case', replacing('Upgrade', 'WebSocket')),
  opens('Upgrade as a list', replacing('Upgrade', 'h2c, WebSocket')),
  opens('Upgrade twice', adding('Upgrade', 'websocket')),
  opens('Connection in another case', replacing('Connection', 'uPGRADE')),
  opens('Connection as a list', replacing('Connection', 'keep-alive, Upgrade')),
  opens('Connection as a list without blanks', replacing('Connection', 'Upgrade,keep-alive')),
  opens('Connection in two headers', adding('Connection', 'keep-alive')),
  opens('blanks around a value', replacing('Sec-WebSocket-Version', '  13  ')),
  opens('a Content-Length of 0', adding('Content-Length', '0')),
  opens('headers that nobody knows', adding('X-Whatever', CANARY)),
  opens('ninety headers', manyHeaders(84)),
  opens(
    'permessage-deflate offered, and not negotiated [S19]',
    adding('Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'),
  ),
  opens('an unknown extension offered', adding('Sec-WebSocket-Extensions', 'x-bogus; a=1')),
  opens('an extension that is malformed', adding('Sec-WebSocket-Extensions', ';;,=')),
  // A browser gives up where none of the subprotocols that it offered is confirmed.
  opens(
    'a subprotocol, of several the first',
    adding('Sec-WebSocket-Protocol', 'chat.v2, chat.v1'),
    'chat.v2',
  ),
];

export const REFUSED: readonly ConformanceCase[] = [
  ...['POST', 'PUT', 'DELETE', 'OPTIONS'].map((method) =>
    refuses(`the method ${method}`, asking({ method }), {
      status: 405,
      code: 'method-not-allowed',
      headers: { allow: 'GET, HEAD' },
    }),
  ),
  refuses('HTTP/1.0', asking({ version: 'HTTP/1.0' }), BAD_REQUEST),
  refuses('HTTP/2.0 in the request line', asking({ version: 'HTTP/2.0' }), BAD_REQUEST),
  refuses('HTTP/1.7', asking({ version: 'HTTP/1.7' }), BAD_REQUEST),
  refuses('no Upgrade', without('Upgrade'), NO_UPGRADE),
  refuses('no Connection', without('Connection'), NO_UPGRADE),
  refuses('Connection: keep-alive', replacing('Connection', 'keep-alive'), NO_UPGRADE),
  refuses('Upgrade: h2c', replacing('Upgrade', 'h2c'), UPGRADE_REQUIRED),
  refuses('an empty Upgrade', replacing('Upgrade', ''), NO_UPGRADE),
  refuses('no key', without('Sec-WebSocket-Key'), BAD_REQUEST),
  refuses('an empty key', replacing('Sec-WebSocket-Key', ''), BAD_REQUEST),
  refuses('a key of 15 bytes', replacing('Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAA'), BAD_REQUEST),
  refuses(
    'a key of 17 bytes',
    replacing('Sec-WebSocket-Key', `${KEY.slice(0, 22)}A=`),
    BAD_REQUEST,
  ),
  refuses(
    'a key without its padding',
    replacing('Sec-WebSocket-Key', KEY.slice(0, 22)),
    BAD_REQUEST,
  ),
  refuses(
    'a key that is not base64',
    replacing('Sec-WebSocket-Key', `${'!'.repeat(22)}==`),
    BAD_REQUEST,
  ),
  refuses(
    'a key with a blank in it',
    replacing('Sec-WebSocket-Key', `dGhl ${KEY.slice(5)}`),
    BAD_REQUEST,
  ),
  refuses(
    'a key of 4,000 characters',
    replacing('Sec-WebSocket-Key', 'A'.repeat(4_000)),
    BAD_REQUEST,
  ),
  refuses('the key twice', adding('Sec-WebSocket-Key', KEY), BAD_REQUEST),
  refuses('no version', without('Sec-WebSocket-Version'), UPGRADE_REQUIRED),
  ...['8', '0', '12', '14', '-13', '13.5', '13, 8', '0x0d', 'thirteen', ''].map((version) =>
    refuses(`version "${version}"`, replacing('Sec-WebSocket-Version', version), UPGRADE_REQUIRED),
  ),
  refuses('the version twice', adding('Sec-WebSocket-Version', '13'), UPGRADE_REQUIRED),
  refuses('a malformed subprotocol', adding('Sec-WebSocket-Protocol', 'a,,b'), BAD_REQUEST),
  refuses('a subprotocol twice', adding('Sec-WebSocket-Protocol', 'a, a'), BAD_REQUEST),
  refuses('an announced body', adding('Content-Length', '5'), BAD_REQUEST),
  refuses('an announced body in chunks', adding('Transfer-Encoding', 'chunked'), BAD_REQUEST),
  refuses('a Content-Length that is none', adding('Content-Length', '-1'), BAD_REQUEST),
  refuses('no Host', without('Host'), BAD_REQUEST),
  refuses('an empty Host', replacing('Host', ''), BAD_REQUEST),
  refuses('two Hosts', adding('Host', 'other.example.org'), BAD_REQUEST),
  ...[
    `${CANARY}/../x`,
    `user@${CANARY}`,
    `${CANARY}:99999`,
    `${CANARY}:port`,
    `[${CANARY}`,
    `a b`,
    `<script>`,
    'h'.repeat(4_000),
  ].map((host) =>
    refuses(`the Host ${host.slice(0, 20)} [S27]`, replacing('Host', host), BAD_REQUEST),
  ),
  ...[`http://${CANARY}/chat`, `//${CANARY}/chat`, '*'].map((target) =>
    refuses(`the target ${target} [S27]`, asking({ target }), NOT_FOUND),
  ),
  ...[`/${CANARY}`, '/chat%00', '/%63hat', '/chat/', '/chat;x=1', '/chat/..%2f', '/CHAT'].map(
    (target) => refuses(`the path ${target} [S27]`, asking({ target }), NOT_FOUND),
  ),
  refuses('a target without a slash', asking({ target: `?${CANARY}` }), BAD_REQUEST),
  refuses('a target with a control character', asking({ target: '/chat\u0001' }), BAD_REQUEST),
  refuses('a target with a blank', asking({ target: '/chat x' }), BAD_REQUEST),
  refuses(
    'a target of 20 KiB',
    asking({ target: `/chat?${'q'.repeat(20_480)}` }),
    HEADERS_TOO_LARGE,
  ),
  refuses('101 headers', manyHeaders(95), TOO_MANY_HEADERS),
  refuses('2,000 short headers [S26]', manyHeaders(2_000, 'X'), EITHER_WAY),
  refuses('2,000 headers [S26]', manyHeaders(2_000, 'X-Some-Header'), HEADERS_TOO_LARGE),
  refuses('a header of 20 KiB', adding('X-Long', 'x'.repeat(20_480)), HEADERS_TOO_LARGE),
  refuses('a header without a colon', adding('X-A', 'b\r\nnonsense'), BAD_REQUEST),
  refuses('a header name with a blank', adding('X A', 'b'), BAD_REQUEST),
  refuses('a NUL in a header', adding('X-A', 'a\u0000b'), BAD_REQUEST),
  refuses('a folded header', adding('X-A', 'a\r\n folded'), BAD_REQUEST),
  refusesText('bytes that are no HTTP', '\u0016\u0003\u0001 hello\r\n\r\n', BAD_REQUEST),
  refusesText('a frame without a handshake', ping().toString('latin1').repeat(4), BAD_REQUEST),
];
