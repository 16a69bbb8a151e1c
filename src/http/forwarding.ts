import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/**
 * What one proxy said of the request it received; null where it said nothing, or nothing readable.
 */
export interface Hop {
  /** The proxy's own peer: an IP address without port, brackets or zone. */
  readonly address: string | null;
  /** The host asked for, as in the Host header. */
  readonly host: string | null;
  readonly scheme: 'http' | 'https' | null;
}

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const IPV4_IN_HEX = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;
/** `192.0.2.1:1001`, `[2001:db8::1]`, `[2001:db8::1]:443`; RFC 7239 lets ports be hidden (`:_x`). */
const WITH_PORT = /^(?:([\d.]+)|\[([^\]]*)\])(?::(?:\d{1,5}|_[\w.-]+))?$/;
/** One parameter of an element of Forwarded, parsed more leniently than RFC 7239 demands. */
const PARAMETER = /\s*([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))\s*(?:;|$)/y;
const PORT = /^\d{1,5}$/;

/**
 * What the proxies said, the nearest first. A header is read from its end, where the nearest proxy
 * wrote, so that nothing a client put before can change how the rest is read.
 *
 * `Forwarded` (RFC 7239) counts only without `X-Forwarded-For`: most proxies write the latter, and
 * pass on whatever a client sends in the former.
 */
export function hopsOf(headers: IncomingHttpHeaders): Iterable<Hop> {
  const { forwarded } = headers;
  return forwarded !== undefined && headers['x-forwarded-for'] === undefined
    ? standardHops(forwarded)
    : customaryHops(headers);
}

/**
 * @returns the address in its one spelling: IPv4 in IPv6 as IPv4, without a zone; null where the
 *   text is no address
 */
export function plainAddress(text: string): string | null {
  const mapped = IPV4_IN_IPV6.exec(text)?.[1];
  if (mapped !== undefined) return isIP(mapped) === 0 ? null : mapped;
  const [address = ''] = text.split('%', 1);
  const family = isIP(address);
  if (family !== 6) return family === 0 ? null : address;
  const [, high, low] = IPV4_IN_HEX.exec(new URL(`http://[${address}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return address;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap(bytesOf)
    .join('.');
}

function bytesOf(group: number): readonly number[] {
  return [group >> 8, group & 255];
}

/** An address as proxies write it: alone, in quotes, in brackets, with a port. */
function addressIn(text: string): string | null {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, v4, v6] = WITH_PORT.exec(bare) ?? [];
  return plainAddress(v4 ?? v6 ?? bare);
}

/**
 * X-Forwarded-For, -Host, -Proto and -Port. Each proxy appends to all of them, or overwrites them.
 */
function* customaryHops(headers: IncomingHttpHeaders): Iterable<Hop> {
  const addresses = listOf(headers['x-forwarded-for']);
  const hosts = listOf(headers['x-forwarded-host']);
  const schemes = listOf(headers['x-forwarded-proto']);
  const ports = listOf(headers['x-forwarded-port']);
  const hops = Math.max(addresses.length, 1);
  for (let back = 1; back <= hops; back++) {
    const host = fromEnd(hosts, back);
    const port = fromEnd(ports, back);
    yield {
      address: addressIn(fromEnd(addresses, back) ?? ''),
      host: withPort(host ?? headers.host ?? null, port),
      scheme: schemeIn(fromEnd(schemes, back)),
    };
  }
}

function listOf(header: string | readonly string[] | undefined): readonly string[] {
  const text = typeof header === 'string' ? header : (header ?? []).join(',');
  return text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
}

/**
 * Where a list is shorter than the chain, a proxy overwrote it: the first stands for all before.
 */
function fromEnd(list: readonly string[], back: number): string | undefined {
  return list[Math.max(0, list.length - back)];
}

/** Some proxies move the port out of the host into a header of its own. */
function withPort(host: string | null, port: string | undefined): string | null {
  if (host === null || port === undefined || !PORT.test(port)) return host;
  return /:\d+$/.test(host) ? host : `${host}:${port}`;
}

function schemeIn(text: string | undefined): Hop['scheme'] {
  switch (text?.toLowerCase()) {
    case 'https':
    case 'wss':
      return 'https';
    case 'http':
    case 'ws':
      return 'http';
    default:
      return null;
  }
}

function* standardHops(header: string): Iterable<Hop> {
  for (const element of elementsFromEnd(header)) {
    const said = parametersOf(element);
    yield {
      address: addressIn(said?.get('for') ?? ''),
      host: said?.get('host') ?? null,
      scheme: schemeIn(said?.get('proto')),
    };
  }
}

function* elementsFromEnd(header: string): Iterable<string> {
  let end = header.length;
  let quoted = false;
  for (let at = end - 1; at >= 0; at--) {
    if (header[at] === '"' && !isEscaped(header, at)) quoted = !quoted;
    if (header[at] !== ',' || quoted) continue;
    yield header.slice(at + 1, end);
    end = at;
  }
  yield header.slice(0, end);
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** @returns null where the element is malformed, or repeats a parameter */
function parametersOf(element: string): ReadonlyMap<string, string> | null {
  const parameters = new Map<string, string>();
  const text = element.trim();
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < text.length) {
    const match = PARAMETER.exec(text);
    if (match === null) return null;
    const name = (match[1] ?? '').toLowerCase();
    if (parameters.has(name)) return null;
    parameters.set(name, match[3] ?? (match[2] ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  return parameters;
}
