import { IncomingMessage } from 'node:http';

const WEBSOCKET = 'websocket';
const ANNOUNCED = Symbol('announced');

/** A request as Node's parser found it. Its own constructor sets `upgrade`, before any other field. */
interface Offering extends IncomingMessage {
  [ANNOUNCED]?: unknown;
}

/** Whether this service changes the protocol for that request, which offers to. */
export type Wants = (request: IncomingMessage) => boolean;

/**
 * Node takes every request with an `Upgrade` header for one that must be upgraded, as soon as any may be.
 * But a client offers what it would like (h2c, say) and a server passes over what it does not want
 * (RFC 9110, 7.8). Newer Nodes ask a callback; where they do not, this answers in the field that Node
 * looks at, `upgrade`.
 * @returns the class of requests for `createServer`; whatever its prototype may be set to inherit from
 */
export function requestClass(wants: Wants): typeof IncomingMessage {
  class Request extends IncomingMessage {}
  Object.defineProperty(Request.prototype, 'upgrade', {
    get(this: Offering) {
      return this[ANNOUNCED] === true && (this.method === 'CONNECT' || wants(this));
    },
    set(this: Offering, announced: unknown) {
      this[ANNOUNCED] = announced;
    },
  });
  return Request;
}

/** Whether one of the protocols that a request offers, in any case and order, is WebSocket. */
export function offersWebSocket({ headers }: IncomingMessage): boolean {
  const { upgrade } = headers;
  if (upgrade === undefined) return false;
  if (upgrade === WEBSOCKET) return true;
  return upgrade.split(',').some((one) => one.trim().toLowerCase() === WEBSOCKET);
}

/** Whether Node's parser found a request to offer a change of protocol. */
export function offersUpgrade(request: IncomingMessage): boolean {
  return (request as Offering)[ANNOUNCED] === true;
}

/** The path of a request's target as it came, without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
