import type { Entry } from '../runner.js';
import type { Result } from '../workloads/workload.js';

/** Three significant digits, and whole numbers from 100 on. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : Number(value.toPrecision(3)).toString();
}

export function resultsOf(
  entries: readonly Entry[],
  workload: string,
  peer: string,
): readonly Result[] {
  const entry = entries.find((one) => one.workload === workload && one.peer === peer);
  return entry?.results ?? [];
}
