import { Injectable } from '@nestjs/common';

/** The condition of a part of the service. Shown on the management port only. */
export interface Condition {
  readonly ok: boolean;
  /** What an operator would ask next. No address, no person's name, no secret. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** Something that can fail while the process lives: a server, a thread, a queue. */
export interface HealthIndicator {
  /** As an operator would call it: `store`, `bus`. */
  readonly name: string;
  /** Whether the node should be sent no new clients while this fails. */
  readonly needed: boolean;

  /**
   * Answers from what is known, or probes at most once at a time and once a second: anybody may
   * ask. An error, or silence for two seconds, counts as not ok.
   */
  check(): Condition | Promise<Condition>;
}

/** All health indicators. An engine adds its own when it is constructed. */
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
