import { Injectable } from '@nestjs/common';

/** How a part of the service is. Shown on the management port only. */
export interface Condition {
  readonly ok: boolean;
  /** What an operator would ask next. No address, no name of a person, no secret. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** Something that can be in a bad way while the process lives: a server, a thread, a queue. */
export interface HealthIndicator {
  /** As an operator would call it: `store`, `bus`. */
  readonly name: string;
  /** Without it, the node should be sent nobody new. */
  readonly needed: boolean;

  /**
   * Answers from what is known, or asks at most one question at a time and one a second: everybody
   * may ask. An error, or silence for two seconds, counts as not ok.
   */
  check(): Condition | Promise<Condition>;
}

/** Everything whose condition can be asked for. An engine adds its own when it is made. */
@Injectable()
export class HealthIndicators {
  private readonly byName = new Map<string, HealthIndicator>();

  add(indicator: HealthIndicator): void {
    if (this.byName.has(indicator.name)) throw new Error(`${indicator.name} is watched twice`);
    this.byName.set(indicator.name, indicator);
  }

  all(): readonly HealthIndicator[] {
    return [...this.byName.values()];
  }
}
