import { IncomingMessage } from 'node:http';

const WEBSOCKET = 'websocket';
const ANNOUNCED = Symbol('announced');

/** A request as Node's parser made it. Its constructor sets `upgrade` before any other field. */
interface Offering extends IncomingMessage {
  [ANNOUNCED]?: unknown;
}

/** Whether this service accepts the upgrade that a request offers. */
export type Wants = (request: IncomingMessage) => boolean;

/**
 * Once a server accepts any upgrade, Node treats every request with an `Upgrade` header as one. But
 * a client merely offers (h2c, say), and a server ignores offers it does not want (RFC 9110, 7.8).
 * Newer Nodes ask a callback; where they do not, this answers through the field that Node looks at,
 * `upgrade`.
 * @returns the class of requests for `createServer`, whatever its prototype is later set to inherit
 *   from
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

/** Whether WebSocket is among the protocols that a request offers, in any case and order. */
export function offersWebSocket({ headers }: IncomingMessage): boolean {
  const { upgrade } = headers;
  if (upgrade === undefined) return false;
  if (upgrade === WEBSOCKET) return true;
  return upgrade.split(',').some((one) => one.trim().toLowerCase() === WEBSOCKET);
}

/** Whether Node's parser saw an offer to upgrade. */
export function offersUpgrade(request: IncomingMessage): boolean {
  return (request as Offering)[ANNOUNCED] === true;
}

/** The path of a request's target as received, without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
