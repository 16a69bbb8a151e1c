import { Injectable, Logger } from '@nestjs/common';
import { LOBBY } from '../chat/conversations/lobby.js';
import { roomKey } from '../chat/conversations/key.js';
import { Journal } from '../chat/log/journal.js';
import { EventLog } from '../chat/log/event-log.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { ProblemFilter } from '../http/problem.filter.js';
import type { Condition, HealthIndicator } from '../kernel/health-indicators.js';

const VALID_MS = 1_000;
const PATIENCE_MS = 2_000;

/**
 * Probes the store: at most one probe at a time and one a second, however often the public asks. A
 * store that can be read, but refused the last batch or a request since the last probe, must first
 * take a write again to count as alive.
 */
@Injectable()
export class StoreProbe implements HealthIndicator {
  readonly name = 'store';
  readonly needed = true;
  private readonly logger = new Logger('StoreProbe');
  private asking: Promise<boolean> | null = null;
  private answer = true;
  private answeredAt = Number.NEGATIVE_INFINITY;
  /** Refused requests when the store last proved writable. */
  private refused = 0;

  constructor(
    private readonly store: EventLog,
    private readonly journal: Journal,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly filter: ProblemFilter,
  ) {}

  async check(): Promise<Condition> {
    return { ok: await this.answers() };
  }

  /** @returns false where it cannot be read or written, or did not answer within two seconds */
  async answers(): Promise<boolean> {
    if (this.clock.monotonic() - this.answeredAt < VALID_MS) return this.answer;
    this.asking ??= this.ask();
    return this.scheduler.within(PATIENCE_MS, this.asking, () => false);
  }

  private async ask(): Promise<boolean> {
    try {
      await this.store.heads([roomKey(LOBBY)]);
      await this.journal.recover();
      await this.proveAfterRefusals();
      this.keep(true);
    } catch (error) {
      if (this.answer) this.logger.error({ event: 'store-silent', error });
      this.keep(false);
    }
    return this.answer;
  }

  /** A store that refuses writes shows in the answers to clients, whichever part they asked. */
  private async proveAfterRefusals(): Promise<void> {
    const refused = this.filter.problems.read().get('store-unavailable') ?? 0;
    if (refused === this.refused) return;
    await this.store.proveWritable();
    this.refused = refused;
  }

  private keep(answer: boolean): void {
    this.answer = answer;
    this.answeredAt = this.clock.monotonic();
    this.asking = null;
  }
}
