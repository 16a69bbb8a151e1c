import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { listenFailure } from '../kernel/start-failure.js';
import { Health } from './health.js';
import { Prometheus } from './prometheus.js';

/** Monitoring connects one client at a time; more than this is a mistake. */
const MOST_CONNECTIONS = 64;
const MOST_HEADERS = 100;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * The operators' port: metrics, and health in detail. It has a server of its own, on loopback by
 * default, so that no mistake in a route can expose it. It answers until the service is drained,
 * and is the last port to close.
 */
@Injectable()
export class ManagementServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Management');
  private server: Server | null = null;
  private readonly answers: ReadonlyMap<string, () => Promise<Answer>> = new Map([
    ['/metrics', () => this.metrics()],
    ['/health/live', () => Promise.resolve(json(200, { status: 'ok' }))],
    ['/health/ready', () => this.ready()],
  ]);

  constructor(
    private readonly prometheus: Prometheus,
    private readonly health: Health,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Where it listens; null where it does not. */
  get port(): number | null {
    const address = this.server?.address() as AddressInfo | null | undefined;
    return address?.port ?? null;
  }

  /** @throws StartFailure where the port is taken */
  async onApplicationBootstrap(): Promise<void> {
    const { managementPort, managementHost, limits } = this.settings;
    if (managementPort === null) return;
    const timeout = limits.handshakeTimeoutMs;
    const server = createServer({ headersTimeout: timeout, requestTimeout: timeout });
    server.maxConnections = MOST_CONNECTIONS;
    server.maxHeadersCount = MOST_HEADERS;
    server.on('request', (request, response) => void this.handle(request, response));
    server.listen(managementPort, managementHost);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw listenFailure(error, {
        portKey: 'MANAGEMENT_PORT',
        hostKey: 'MANAGEMENT_HOST',
        port: managementPort,
        host: managementHost,
      });
    }
    this.server = server;
    this.prometheus.open();
    this.logger.log({ event: 'management-listens', host: managementHost, port: this.port });
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await this.answer(request);
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? '' : body);
  }

  private async answer({ method, url = '' }: IncomingMessage): Promise<Answer> {
    const answer = this.answers.get(url.split('?', 1)[0] ?? '');
    if (answer === undefined) return json(404, { status: 'not-found' });
    if (method !== 'GET' && method !== 'HEAD') return json(405, { status: 'method-not-allowed' });
    try {
      return await answer();
    } catch (error) {
      this.logger.error({ event: 'management-failed', error });
      return json(500, { status: 'internal' });
    }
  }

  private async metrics(): Promise<Answer> {
    await this.health.report();
    const body = await this.prometheus.text();
    return { status: 200, type: this.prometheus.contentType, body };
  }

  private async ready(): Promise<Answer> {
    const report = await this.health.report();
    return json(report.status === 'ok' ? 200 : 503, report);
  }
}

function json(status: number, body: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
}
