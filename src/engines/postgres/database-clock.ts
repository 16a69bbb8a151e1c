import { Logger } from '@nestjs/common';
import { type Kysely, sql } from 'kysely';
import type { SystemClock } from '../../kernel/clock.js';
import type { Schema } from '../sql/schema.js';

const ASK_EVERY_MS = 10_000;
/** Of several answers the one with the shortest round trip is the most accurate. */
const ASKED_AT_START = 3;
/** A local clock further off than this is logged. */
const WORTH_TELLING_MS = 1_000;

/**
 * Steers this node's clock by the database's, so that all nodes agree on when a session was ended,
 * a token expires or a ticket was issued, whatever their own clocks say. Only the database's clock
 * has to be right.
 */
export class DatabaseClock {
  private readonly logger = new Logger(DatabaseClock.name);
  private loggedMs = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Kysely<Schema>,
    private readonly clock: SystemClock,
  ) {}

  /** @throws where the database does not answer */
  async start(): Promise<void> {
    let best = await this.ask();
    for (let asked = 1; asked < ASKED_AT_START; asked++) {
      const answer = await this.ask();
      if (answer.tookMs <= best.tookMs) best = answer;
    }
    this.follow(best);
    this.timer = setInterval(() => {
      // While the database is away, time continues by the monotonic clock.
      this.ask().then(
        (answer) => {
          this.follow(answer);
        },
        () => undefined,
      );
    }, ASK_EVERY_MS).unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async ask(): Promise<Answer> {
    const askedAt = performance.now();
    const { rows } = await sql<{ now: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`.execute(this.database);
    const answeredAt = performance.now();
    const tookMs = answeredAt - askedAt;
    return { tookMs, atMs: answeredAt, now: Number(rows[0]?.now) + tookMs / 2 };
  }

  private follow({ now, atMs }: Answer): void {
    this.clock.steer(now + performance.now() - atMs);
    const aheadMs = Math.round(this.clock.aheadMs);
    if (Math.abs(aheadMs - this.loggedMs) < WORTH_TELLING_MS) return;
    this.loggedMs = aheadMs;
    this.logger.warn({ event: 'clock-off', aheadMs });
  }
}

interface Answer {
  readonly tookMs: number;
  /** When the answer arrived (monotonic ms). */
  readonly atMs: number;
  /** The database's time at that moment (ms since the epoch). */
  readonly now: number;
}
