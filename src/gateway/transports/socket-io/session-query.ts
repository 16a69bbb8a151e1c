import { Refusal } from '../../../kernel/refusal.js';

/** The version of Engine.IO's protocol that clients of Socket.IO 3 and 4 speak. */
const VERSION = '4';
const TRANSPORTS: readonly string[] = ['polling', 'websocket'];
/** Parameters whose empty value each reader might interpret differently. */
const NEVER_EMPTY: readonly string[] = ['EIO', 'transport', 'sid', 'j'];
/** `sid[]`, and names that might be decoded twice. */
const AMBIGUOUS_NAME = /[[\]%]/;

/** The query of a request to /socket.io/. */
export interface SessionQuery {
  readonly transport: 'polling' | 'websocket';
  /** The session that the request continues; null where it opens one. */
  readonly sid: string | null;
  /** All parameters, one value per name, without a prototype. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Parses the query once, for admission, sessions and Engine.IO alike: a request that one of them
 * took to open a session and another to continue one would bypass all limits.
 *
 * @throws Refusal `bad-request` where a parameter is doubled, empty or an array;
 *   `unsupported-client` where the client speaks another version of Engine.IO
 */
export function readSessionQuery(query: URLSearchParams): SessionQuery {
  const parameters = collect(query);
  const { EIO, transport, sid } = parameters;
  if (parameters['j'] !== undefined) {
    // JSONP: a script element reaches every host, and sends no Origin.
    throw new Refusal('bad-request', { field: 'j' });
  }
  if (EIO !== VERSION) throw new Refusal('unsupported-client', { field: 'EIO' });
  if (!isTransport(transport)) throw new Refusal('bad-request', { field: 'transport' });
  return { transport, sid: sid ?? null, parameters };
}

function collect(query: URLSearchParams): Record<string, string> {
  const parameters = Object.create(null) as Record<string, string>;
  for (const [name, value] of query) {
    const isDoubled = parameters[name] !== undefined;
    const isEmpty = value === '' && NEVER_EMPTY.includes(name);
    if (isDoubled || isEmpty || AMBIGUOUS_NAME.test(name)) throw new Refusal('bad-request');
    parameters[name] = value;
  }
  return parameters;
}

function isTransport(value: string | undefined): value is SessionQuery['transport'] {
  return value !== undefined && TRANSPORTS.includes(value);
}
