import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { pathBelow } from '../../http/base-path.js';
import type { ServerGuard } from '../../http/connections/server-guard.js';
import { pathOf } from '../../http/connections/upgrade-offers.js';
import type { DirectExpressAdapter } from '../../http/express-adapter.js';
import { Refusal } from '../../kernel/refusal.js';
import { toRefusal } from '../../kernel/to-refusal.js';
import { BurstLimiter } from '../../kernel/limits/burst-limiter.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { Admission } from './admission.js';
import { checkHandshake } from './handshake.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { RefusalTally } from './refusal-tally.js';
import type { UpgradeTaker } from '../wire/transport.js';
import { TransportDoor } from './transport-door.js';

/**
 * Receives every upgrade. Checks path, handshake, origin, and the address's limits, and refuses
 * with a real HTTP answer, before a transport sees the request.
 */
@Injectable()
export class UpgradeDispatcher implements OnApplicationBootstrap {
  private readonly logger = new Logger(UpgradeDispatcher.name);
  private readonly burstLimiter: BurstLimiter;
  /**
   * Parsed URLs of paths without a query, the usual case: parsing one takes a sixth of the time
   * spent here.
   */
  private readonly plain: ReadonlyMap<string | undefined, URL>;
  private readonly guard: ServerGuard;

  constructor(
    host: HttpAdapterHost,
    private readonly admission: Admission,
    private readonly refused: RefusalTally,
    private readonly door: TransportDoor,
    scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.guard = (host.httpAdapter as DirectExpressAdapter).guard;
    this.burstLimiter = new BurstLimiter(scheduler);
    this.plain = new Map([...door.upgradePaths].map((path) => [path, parseUrl(path)]));
  }

  onApplicationBootstrap(): void {
    const paths = this.door.upgradePaths;
    // Elsewhere an offer to upgrade is ignored, and the request answered like any other.
    const wants = (request: IncomingMessage): boolean =>
      request.method === 'GET' && paths.has(pathBelow(pathOf(request), this.settings.basePath));
    this.guard.onUpgrade(wants, (request, socket, head) => {
      this.burstLimiter.enter(() => {
        if (!socket.destroyed) this.dispatch(request, socket, head);
      });
    });
  }

  private dispatch(request: IncomingMessage, socket: Socket, head: Buffer): void {
    try {
      const { taker, url, address } = this.admit(request, socket);
      this.guard.release(socket);
      void taker.accept({ request, socket, head, url, address });
    } catch (error) {
      const refusal = toRefusal(error, { logger: this.logger, event: 'upgrade-failed' });
      this.refused.byCode.count(refusal.code);
      const id = refuseUpgrade(socket, refusal, this.settings.locale);
      this.logger.debug({ event: 'upgrade-refused', code: refusal.code, request: id });
    }
  }

  private admit(
    request: IncomingMessage,
    socket: Socket,
  ): { taker: UpgradeTaker; url: URL; address: string } {
    this.admission.checkOpen();
    const url = this.plain.get(request.url) ?? parseUrl(request.url);
    const taker = this.door.takerOfUpgrade(url.pathname);
    if (taker === undefined) throw new Refusal('not-found');
    checkHandshake(request);
    this.admission.checkOrigin(request);
    const address = this.admission.addressOf(request);
    if (taker.continues?.(url) !== true) {
      socket.once('close', this.admission.take(address).release);
    }
    return { taker, url, address };
  }
}

/** The Host header is ignored: clients can forge it. */
function parseUrl(path: string | undefined): URL {
  if (path === undefined || !path.startsWith('/') || path.startsWith('//')) {
    throw new Refusal('bad-request');
  }
  try {
    return new URL(path, 'http://service');
  } catch {
    throw new Refusal('bad-request');
  }
}
