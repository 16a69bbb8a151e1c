import type { Peer } from '../peers/peer.js';
import type { Entry } from '../runner.js';
import type { Column, Result, Workload } from '../workloads/workload.js';
import { resultsOf, rounded } from './figures.js';

const SUBJECT = 'parley';

/** A Markdown table: a row per figure, a column per server, and Parley's share of each. */
export function table(
  workloads: readonly Workload[],
  peers: readonly Peer[],
  entries: readonly Entry[],
): string {
  const rivals = peers.filter(({ name }) => name !== SUBJECT);
  const hasSubject = rivals.length < peers.length;
  const ratios = hasSubject ? rivals.map(({ title }) => `Parley ÷ ${title}`) : [];
  const heads = ['workload', 'setting', 'figure', ...peers.map(({ title }) => title), ...ratios];
  const rows = workloads.flatMap((workload) =>
    settingsOf(workload, peers, entries).flatMap((setting) =>
      columnsOf(workload, setting, peers, entries).map((column) => [
        workload.name,
        setting,
        column.title,
        ...peers.map(({ name }) => cell(find(entries, workload, name, setting), column)),
        ...(hasSubject
          ? rivals.map(({ name }) => ratio(entries, workload, column, setting, name))
          : []),
      ]),
    ),
  );
  const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [...lines, '', ...notesOf(peers, entries), ''].join('\n');
}

function notesOf(peers: readonly Peer[], entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ workload, peer, results, failure }) => {
    const title = peers.find(({ name }) => name === peer)?.title ?? peer;
    const head = `- ${title}, ${workload}`;
    if (failure !== undefined) return [`${head}: no result. ${failure}`];
    return results
      .filter(({ note }) => note !== undefined)
      .map(({ setting, note = '' }) => `${head}, ${setting}: ${note}`);
  });
}

function settingsOf(
  { name }: Workload,
  peers: readonly Peer[],
  entries: readonly Entry[],
): readonly string[] {
  const all = peers.flatMap((peer) => resultsOf(entries, name, peer.name));
  return [...new Set(all.map(({ setting }) => setting))];
}

/** Drops figures that no server has. */
function columnsOf(
  workload: Workload,
  setting: string,
  peers: readonly Peer[],
  entries: readonly Entry[],
): readonly Column[] {
  const results = peers.map(({ name }) => find(entries, workload, name, setting));
  return workload.columns.filter(({ key }) =>
    results.some((result) => Number.isFinite(result?.figures[key])),
  );
}

function find(
  entries: readonly Entry[],
  workload: Workload,
  peer: string,
  setting: string,
): Result | undefined {
  return resultsOf(entries, workload.name, peer).find((result) => result.setting === setting);
}

function cell(result: Result | undefined, { key }: Column): string {
  if (!result) return '';
  if (result.outcome === 'lost') return 'void';
  const figure = rounded(result.figures[key] ?? Number.NaN);
  return result.outcome === 'behind' ? `${figure} (behind)` : figure;
}

function ratio(
  entries: readonly Entry[],
  workload: Workload,
  { key, isCompared = false }: Column,
  setting: string,
  rival: string,
): string {
  const own = find(entries, workload, SUBJECT, setting);
  const other = find(entries, workload, rival, setting);
  if (!isCompared || own?.outcome !== 'ok' || !other || other.outcome === 'lost') return '';
  return rounded((own.figures[key] ?? Number.NaN) / (other.figures[key] ?? Number.NaN));
}
