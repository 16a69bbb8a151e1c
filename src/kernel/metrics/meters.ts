import { Injectable } from '@nestjs/common';
import type { Distribution } from './distribution.js';
import type { Labelled } from './tally.js';

/** Where a value is read when asked for. */
export type Source = (() => number) | Labelled;

interface Named {
  /** As Prometheus wants it: `parley_…`, a unit as the suffix, `_total` for counters. */
  readonly name: string;
  /** One line for readers of the metrics. */
  readonly help: string;
}

export type Meter =
  | (Named & { readonly kind: 'counter' | 'gauge'; readonly source: Source })
  | (Named & { readonly kind: 'histogram'; readonly source: Distribution });

/**
 * All metrics of the service. An area counts in plain fields of its own, which costs the hot path
 * one addition, and registers them here; exporters read them on demand.
 */
@Injectable()
export class Meters {
  private readonly byName = new Map<string, Meter>();

  /** A value that only rises. */
  counter(name: string, help: string, source: Source): void {
    this.add({ kind: 'counter', name, help, source });
  }

  /** A value that rises and falls. */
  gauge(name: string, help: string, source: Source): void {
    this.add({ kind: 'gauge', name, help, source });
  }

  histogram(name: string, help: string, source: Distribution): void {
    this.add({ kind: 'histogram', name, help, source });
  }

  all(): Iterable<Meter> {
    return this.byName.values();
  }

  private add(meter: Meter): void {
    if (this.byName.has(meter.name)) throw new Error(`${meter.name} is measured twice`);
    this.byName.set(meter.name, meter);
  }
}
