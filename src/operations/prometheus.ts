import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, type Counter, Registry } from 'prom-client';
import { type Meter, Meters, type Source } from '../kernel/metrics/meters.js';

/** Collecting each costs a list of all sockets, and other meters tell the same. */
const COSTLY = 'nodejs_active_';

/** A sample of the text format: labels, and value. */
interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Shows the meters of all areas, and those of the process, in Prometheus' text format. */
@Injectable()
export class Prometheus {
  private registry: Registry | null = null;

  constructor(private readonly meters: Meters) {}

  /** Starts the default metrics of the process and its event loop. */
  open(): void {
    this.registry = registryOf(this.meters);
  }

  /** @throws where it was not opened */
  async text(): Promise<string> {
    if (this.registry === null) throw new Error('the metrics are not open');
    return this.registry.metrics();
  }

  get contentType(): string {
    return Registry.PROMETHEUS_CONTENT_TYPE;
  }
}

function registryOf(meters: Meters): Registry {
  const registry = new Registry();
  for (const meter of meters.all()) registry.registerMetric(toMetric(meter));
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith(COSTLY)) registry.removeSingleMetric(name);
  }
  return registry;
}

/** A registry needs no more of a metric than this, whatever its class. */
function toMetric(meter: Meter): Counter {
  const { name, help, kind: type } = meter;
  const get = () => Promise.resolve({ name, help, type, values: samplesOf(meter) });
  return { name, get } as unknown as Counter;
}

function samplesOf(meter: Meter): readonly Sample[] {
  return meter.kind === 'histogram' ? buckets(meter) : values(meter.source);
}

function values(source: Source): readonly Sample[] {
  if (typeof source === 'function') return [{ labels: {}, value: source() }];
  return [...source.read()].map(([kind, value]) => ({ labels: { [source.label]: kind }, value }));
}

function buckets({ name, source }: Meter & { kind: 'histogram' }): readonly Sample[] {
  const counts = source.cumulative();
  const bounds = [...source.bounds.map(String), '+Inf'];
  return [
    ...bounds.map((le, index) => ({
      metricName: `${name}_bucket`,
      labels: { le },
      value: counts[index] ?? 0,
    })),
    { metricName: `${name}_sum`, labels: {}, value: source.sum },
    { metricName: `${name}_count`, labels: {}, value: counts.at(-1) ?? 0 },
  ];
}
