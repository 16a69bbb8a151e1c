import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { ReactionService } from '../../chat/messages/changing/reaction.service.js';
import { Journal } from '../../chat/log/journal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { restartingAfter } from '../wire/close-codes.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { DeliveryMarks } from '../../chat/marks/delivery-marks.js';
import { ReadMarks } from '../../chat/marks/read-marks.js';
import { Hub } from '../delivery/hub.js';
import { Admission } from '../admission/admission.js';

const LEAST_SPREAD_MS = 500;
const MOST_SPREAD_MS = 30_000;
const LOOK_EVERY_MS = 20;

/**
 * Stops without losing anything: no new sockets; everything accepted is stored, delivered and
 * acknowledged; then everybody is closed, each with another delay to reconnect after.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Drain.name);

  constructor(
    private readonly admission: Admission,
    private readonly journal: Journal,
    private readonly reactions: ReactionService,
    private readonly hub: Hub,
    private readonly marks: DeliveryMarks,
    private readonly reads: ReadMarks,
    private readonly registry: ConnectionRegistry,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    const deadline = this.clock.monotonic() + this.settings.shutdownTimeoutMs;
    this.admission.stop();
    this.logger.log({ event: 'draining', connections: this.registry.size });
    await Promise.race([this.reactions.flush(), this.until(deadline)]);
    await Promise.race([this.journal.close(), this.until(deadline)]);
    // Acks are sent in the turn after the journal's.
    await this.scheduler.endOfTurn();
    this.hub.flushPending();
    await Promise.race([
      Promise.all([this.marks.write(), this.reads.write()]),
      this.until(deadline),
    ]);
    const spread = this.spread();
    for (const connection of this.registry.all()) {
      connection.close(restartingAfter(Math.random() * spread));
    }
    await this.emptied(deadline);
    const left = [...this.registry.all()];
    for (const connection of left) connection.channel.terminate();
    this.logger.log({ event: 'drained', terminated: left.length });
  }

  /** Long enough that reconnects come at the rate at which they are admitted. */
  private spread(): number {
    const { resumeRate } = this.settings.limits;
    const needed = resumeRate === 0 ? 0 : (this.registry.size / resumeRate) * 1_000;
    return Math.min(MOST_SPREAD_MS, Math.max(LEAST_SPREAD_MS, needed));
  }

  private until(deadline: number): Promise<void> {
    return this.scheduler.pause(Math.max(0, deadline - this.clock.monotonic()));
  }

  /** Half of the time left is for the clients' closing handshakes. */
  private async emptied(deadline: number): Promise<void> {
    const patience = this.clock.monotonic() + (deadline - this.clock.monotonic()) / 2;
    while (this.registry.size > 0 && this.clock.monotonic() < patience) {
      await this.scheduler.pause(LOOK_EVERY_MS);
    }
  }
}
