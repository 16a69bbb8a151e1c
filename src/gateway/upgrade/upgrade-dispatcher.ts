import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';
import { Turnstile } from '../../kernel/turnstile.js';
import { Admission } from './admission.js';
import { checkHandshake } from './handshake.js';
import { refuseUpgrade } from './http-refusal.js';
import { RefusedUpgrades } from './refused-upgrades.js';
import { type Transport, TRANSPORTS } from './transport.js';

/**
 * Owns the server's upgrade event. Path, handshake, origin, and the address's limits are decided
 * here, by a real HTTP answer, before a transport sees the request.
 */
@Injectable()
export class UpgradeDispatcher implements OnApplicationBootstrap {
  private readonly logger = new Logger(UpgradeDispatcher.name);
  private readonly turnstile = new Turnstile();
  /** Paths without a query, as most come: reading one anew would be a sixth of what is done here. */
  private readonly plain: ReadonlyMap<string | undefined, URL>;
  /** The answer to the latest plain request on a socket that stays open. */
  private readonly answers = new WeakMap<Socket, ServerResponse>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly admission: Admission,
    private readonly refused: RefusedUpgrades,
    @Inject(TRANSPORTS) private readonly transports: readonly Transport[],
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.plain = new Map(transports.map(({ path }) => [path, parseUrl(path)]));
  }

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answers.set(request.socket, response);
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.whenAnswered(socket, () => {
        this.turnstile.enter(() => {
          if (!socket.destroyed) this.dispatch(request, socket, head);
        });
      });
    });
  }

  /**
   * Node announces an upgrade at once, also behind a request that is not answered yet. That answer
   * would come amid the frames.
   */
  private whenAnswered(socket: Socket, go: () => void): void {
    // A client may reset at any moment; until a transport takes over, nobody else listens.
    socket.on('error', () => undefined);
    const answer = this.answers.get(socket);
    this.answers.delete(socket);
    if (answer === undefined || answer.writableFinished) go();
    else answer.once('finish', go);
  }

  private dispatch(request: IncomingMessage, socket: Socket, head: Buffer): void {
    try {
      const { transport, url, address } = this.admit(request, socket);
      void transport.accept({ request, socket, head, url, address });
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('internal');
      this.refused.byCode.count(refusal.code);
      if (refusal !== error) this.logger.error({ event: 'upgrade-failed', error });
      const id = refuseUpgrade(socket, refusal, this.settings.locale);
      this.logger.debug({ event: 'upgrade-refused', code: refusal.code, request: id });
    }
  }

  private admit(
    request: IncomingMessage,
    socket: Socket,
  ): { transport: Transport; url: URL; address: string } {
    this.admission.checkOpen();
    const url = this.plain.get(request.url) ?? parseUrl(request.url);
    const transport = this.transports.find((one) => one.path === url.pathname);
    if (transport === undefined) throw new Refusal('not-found');
    checkHandshake(request);
    this.admission.checkOrigin(request);
    const address = this.admission.addressOf(request);
    if (!transport.continues(url)) socket.once('close', this.admission.take(address).release);
    return { transport, url, address };
  }
}

/** The Host header plays no part in it: it is the client's to invent. */
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
