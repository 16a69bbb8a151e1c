import { Injectable } from '@nestjs/common';
import type { Distribution } from './distribution.js';
import type { Labelled } from './tally.js';

/** Where a figure is read when somebody wants to know it. */
export type Source = (() => number) | Labelled;

interface Named {
  /** As Prometheus wants it: `parley_…`, the unit at the end, `_total` for counters. */
  readonly name: string;
  /** One line for who reads the list of metrics. */
  readonly help: string;
}

export type Meter =
  | (Named & { readonly kind: 'counter' | 'gauge'; readonly source: Source })
  | (Named & { readonly kind: 'histogram'; readonly source: Distribution });

/**
 * What can be measured of the service. A house counts in plain fields of its own, which costs the
 * hot path an addition, and names them here; whoever shows them reads them when asked.
 */
@Injectable()
export class Meters {
  private readonly byName = new Map<string, Meter>();

  /** What only ever grows. */
  counter(name: string, help: string, source: Source): void {
    this.add({ kind: 'counter', name, help, source });
  }

  /** What goes up and down. */
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
