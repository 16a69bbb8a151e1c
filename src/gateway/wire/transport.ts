import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** A request to open a socket that was found acceptable so far: path, origin, address. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came behind the request's head. */
  readonly head: Buffer;
  readonly url: URL;
  /** The client's address, proxies seen through. */
  readonly address: string;
}

/** Turns accepted requests on its path into connections. */
export abstract class Transport {
  abstract readonly path: string;

  /**
   * Whether the request goes on with something that was admitted before, and so takes no further
   * place.
   * @throws Refusal where it claims to, and does not
   */
  continues(_url: URL): boolean {
    return false;
  }

  /** Answers the request in any case. Never throws. */
  abstract accept(upgrade: Upgrade): Promise<void>;
}

/** DI token of the list of transports. */
export const TRANSPORTS = Symbol('TRANSPORTS');
