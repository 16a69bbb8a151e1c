import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import {
  type Mount,
  type RequestTaker,
  type Transport,
  type TransportRequest,
  TRANSPORTS,
  type UpgradeTaker,
} from '../wire/transport.js';

/** Routes each path to its transport. */
@Injectable()
export class TransportDoor implements Mount {
  private readonly upgradeTakers = new Map<string, UpgradeTaker>();
  private readonly requestTakers = new Map<string, RequestTaker>();

  constructor(@Inject(TRANSPORTS) transports: readonly Transport[]) {
    for (const transport of transports) transport.mount(this);
  }

  /** @throws Error where two transports want the same path */
  upgrades(path: string, taker: UpgradeTaker): void {
    claim(this.upgradeTakers, path, taker);
  }

  /** @throws Error where two transports want the same path */
  requests(path: string, taker: RequestTaker): void {
    claim(this.requestTakers, path, taker);
  }

  /** The paths that accept upgrades. */
  get upgradePaths(): ReadonlySet<string> {
    return new Set(this.upgradeTakers.keys());
  }

  takerOfUpgrade(path: string): UpgradeTaker | undefined {
    return this.upgradeTakers.get(path);
  }

  /** Middleware that runs before bodies are read, and passes on what is for no transport. */
  readonly handle = (
    request: TransportRequest,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): void => {
    const taker = this.requestTakers.get(request.path);
    if (taker === undefined) next();
    else taker(request, response).catch(next);
  };
}

function claim<Taker>(takers: Map<string, Taker>, path: string, taker: Taker): void {
  if (takers.has(path)) throw new Error(`two transports want ${path}`);
  takers.set(path, taker);
}
