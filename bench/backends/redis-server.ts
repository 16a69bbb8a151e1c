import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { freePort } from '../measure/free-port.js';
import type { ProcessMeter } from '../measure/process-meter.js';
import { programPath } from '../peers/places.js';
import { programVersion } from '../peers/version.js';
import { Daemon } from './daemon.js';

/** What a Redis has carried since its start, without our own queries. */
export interface RedisTraffic {
  readonly publications: number;
  /** Bytes read from nodes, and written to them. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The benchmark's own Redis on loopback, without persistence. */
export class RedisServer {
  private asker: Redis | null = null;
  /** Bytes of the queries below. */
  private askedIn = 0;
  private askedOut = 0;

  private constructor(
    private readonly daemon: Daemon,
    readonly url: string,
  ) {}

  static missing(): string | null {
    return programPath('redis-server') === null
      ? 'no `redis-server`: install the package redis-server'
      : null;
  }

  static version(): string {
    return programVersion(programPath('redis-server'), '--version');
  }

  static async start(): Promise<RedisServer> {
    const port = await freePort();
    const daemon = new Daemon({
      file: programPath('redis-server') ?? 'redis-server',
      args: [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', tmpdir()],
        ...['--save', '', '--appendonly', 'no'],
      ],
      ready: 'Ready to accept connections',
    });
    await daemon.start();
    return new RedisServer(daemon, `redis://127.0.0.1:${port}`);
  }

  get meter(): ProcessMeter {
    return this.daemon.meter;
  }

  /** Kills it, as a crash does: its memory is lost. */
  async kill(): Promise<void> {
    this.asker?.disconnect();
    this.asker = null;
    await this.daemon.end('SIGKILL');
  }

  /** Restarts it on the same port, empty. */
  async startAgain(): Promise<void> {
    await this.daemon.start();
  }

  async traffic(): Promise<RedisTraffic> {
    this.asker ??= new Redis(this.url);
    const publications = await this.ask('commandstats');
    // A query is counted when it is read, its answer once it is written.
    const { askedIn, askedOut } = this;
    const bytes = await this.ask('stats');
    return {
      publications: figure(publications, 'cmdstat_publish:calls='),
      bytesIn: figure(bytes, 'total_net_input_bytes:') - askedIn - question('stats'),
      bytesOut: figure(bytes, 'total_net_output_bytes:') - askedOut,
    };
  }

  private async ask(section: string): Promise<string> {
    const answer = (await this.asker?.info(section)) ?? '';
    this.askedIn += question(section);
    this.askedOut += `$${answer.length}\r\n\r\n`.length + answer.length;
    return answer;
  }
}

/** Bytes of `INFO section` on the wire. */
function question(section: string): number {
  return `*2\r\n$4\r\ninfo\r\n$${section.length}\r\n${section}\r\n`.length;
}

function figure(info: string, name: string): number {
  const at = info.indexOf(name);
  return at === -1 ? 0 : Number.parseInt(info.slice(at + name.length), 10);
}
