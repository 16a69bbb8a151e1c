import type { Peer } from '../peers/peer.js';
import type { Entry } from '../runner.js';
import type { Workload } from '../workloads/workload.js';
import { rounded } from './figures.js';

/** One server's result for one workload, to read while the rest still runs. */
export function line(workload: Workload, peer: Peer, { results, failure }: Entry): string {
  const head = `  ${peer.title.padEnd(22)}`;
  if (failure !== undefined) return `${head} FAILED ${failure}`;
  return results
    .map(({ setting, outcome, note, figures }) => {
      const shown = workload.columns
        .filter(({ key }) => Number.isFinite(figures[key]))
        .map(({ key, title }) => `${rounded(figures[key] ?? Number.NaN)} ${title}`);
      const flag = outcome === 'ok' ? '' : ` ${outcome.toUpperCase()}`;
      const remark = note === undefined ? '' : ` (${note})`;
      return `${head} ${setting.padEnd(16)}${flag} ${shown.join(' | ')}${remark}`;
    })
    .join('\n');
}
