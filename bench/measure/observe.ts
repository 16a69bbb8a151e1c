import { setTimeout as delay } from 'node:timers/promises';
import type { BackendCpu } from '../backends/backends.js';
import type { Ledger } from '../load/ledger.js';
import type { Pace } from '../load/pace.js';
import type { Subject } from './server-process.js';

const DRAIN_MS = 5_000;
const LOOK_MS = 20;
/** What may be in flight at the end of an open loop, in seconds of its rate. */
const BACKLOG_SECONDS = 0.5;
/** Core usage beyond which the load client may be what is measured. */
const FULL_CORE = 0.97;

export interface Timing {
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** A server under one load. CPU is in microseconds, latency in milliseconds. */
export interface Observation {
  /** `behind`: the server did not keep up. `lost`: void. */
  readonly outcome: 'ok' | 'behind' | 'lost';
  readonly note?: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** Applies a load, measures meanwhile, and checks that everything arrived. */
export async function observe(
  server: Subject,
  ledger: Ledger,
  pace: Pace,
  { warmUpMs, windowMs }: Timing,
): Promise<Observation> {
  pace.start();
  await lasting(warmUpMs, pace);
  ledger.clearLatencies();
  pace.lateness.clear();
  const before = marks(server, ledger);
  await lasting(windowMs, pace);
  const after = marks(server, ledger);
  pace.stop();
  const isBehind = fellBehind(pace, ledger);
  const figures = figuresOf(before, after, ledger, pace);
  const isDrained = await drained(ledger);
  if (isBehind) return { outcome: 'behind', figures };
  const fault = isDrained ? ledger.fault() : `${ledger.outstanding} messages were lost`;
  if (fault !== null) return { outcome: 'lost', figures, note: fault };
  if ((figures['clientCores'] ?? 0) > FULL_CORE) {
    return { outcome: 'ok', figures, note: 'the load client took a whole core' };
  }
  return { outcome: 'ok', figures };
}

function fellBehind(pace: Pace, ledger: Ledger): boolean {
  if (pace.rate === null) return false;
  return pace.isBehind || ledger.outstanding > pace.rate * BACKLOG_SECONDS;
}

interface Marks {
  readonly time: number;
  readonly serverCpuMs: number;
  readonly backendCpuMs: BackendCpu | null;
  readonly clientCpuMs: number;
  readonly deliveries: number;
  readonly completed: number;
}

function marks(server: Subject, ledger: Ledger): Marks {
  const { user, system } = process.cpuUsage();
  return {
    time: performance.now(),
    serverCpuMs: server.meter.cpuMs(),
    backendCpuMs: server.backends?.cpuMs() ?? null,
    clientCpuMs: (user + system) / 1000,
    deliveries: ledger.deliveries,
    completed: ledger.completed,
  };
}

function figuresOf(
  before: Marks,
  after: Marks,
  { latency, refLatency }: Ledger,
  { lateness }: Pace,
): Record<string, number> {
  const ms = after.time - before.time;
  const deliveries = after.deliveries - before.deliveries;
  const messages = after.completed - before.completed;
  const serverCpuMs = after.serverCpuMs - before.serverCpuMs;
  const clientCpuMs = after.clientCpuMs - before.clientCpuMs;
  return {
    cpuPerDelivery: (serverCpuMs * 1000) / deliveries,
    cpuPerMessage: (serverCpuMs * 1000) / messages,
    deliveriesPerSecond: (deliveries * 1000) / ms,
    messagesPerSecond: (messages * 1000) / ms,
    p50: latency.percentile(50),
    p99: latency.percentile(99),
    max: latency.max,
    answerP99: refLatency.percentile(99),
    serverCores: serverCpuMs / ms,
    clientCores: clientCpuMs / ms,
    clientCpuPerDelivery: (clientCpuMs * 1000) / deliveries,
    latenessP99: lateness.percentile(99),
    ...backendFigures(before.backendCpuMs, after.backendCpuMs, messages),
  };
}

function backendFigures(
  before: BackendCpu | null,
  after: BackendCpu | null,
  messages: number,
): Record<string, number> {
  if (before === null || after === null) return {};
  return {
    postgresCpuPerMessage: ((after.postgres - before.postgres) * 1000) / messages,
    redisCpuPerMessage: ((after.redis - before.redis) * 1000) / messages,
  };
}

async function lasting(ms: number, pace: Pace): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end && !pace.isBehind) await delay(LOOK_MS);
}

/** Waits for what is in flight. @returns whether all of it arrived */
export async function drained(ledger: Ledger): Promise<boolean> {
  const giveUpAt = performance.now() + DRAIN_MS;
  while (ledger.outstanding > 0 && performance.now() < giveUpAt) await delay(LOOK_MS);
  return ledger.outstanding === 0;
}
