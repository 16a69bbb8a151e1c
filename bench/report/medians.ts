import type { Entry } from '../runner.js';
import type { Result } from '../workloads/workload.js';

const WORST_FIRST = ['lost', 'behind', 'ok'] as const;

/**
 * Merges several rounds of the same workload and server.
 *
 * @returns the median of each figure, the worst outcome, and each failure
 */
export function medians(rounds: readonly Entry[]): Entry {
  const [first] = rounds;
  if (!first) throw new Error('there was no round');
  const failures = rounds.flatMap(({ failure }) => failure ?? []);
  const settings = [...new Set(rounds.flatMap(({ results }) => results.map((one) => one.setting)))];
  const results = settings.map((setting) =>
    joined(rounds.flatMap((round) => round.results.filter((one) => one.setting === setting))),
  );
  return { ...first, results, ...(failures.length > 0 ? { failure: failures.join('; ') } : {}) };
}

function joined(results: readonly Result[]): Result {
  const [first] = results;
  if (!first) throw new Error('a setting that was never measured');
  const keys = [...new Set(results.flatMap(({ figures }) => Object.keys(figures)))];
  const figures = Object.fromEntries(
    keys.map((key) => [key, median(results.flatMap((one) => one.figures[key] ?? []))]),
  );
  const outcome = WORST_FIRST.find((one) => results.some((result) => result.outcome === one));
  return { ...first, figures, outcome: outcome ?? first.outcome };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
