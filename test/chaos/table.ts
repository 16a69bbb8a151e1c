import type { ChaosReport } from './chaos.js';
import { type Fault, FAULTS } from './faults.js';

/** In the order of the table. */
const KINDS = Object.keys(FAULTS) as readonly Fault[];

type Row = readonly [figure: string, value: string, meaning: string];

/** One table of everything, and what can be concluded from it. */
export function table(report: ChaosReport): string {
  const { faults, unanswered } = report;
  const ready = report.recoveries.map(({ readyMs }) => readyMs);
  const caughtUp = report.recoveries.flatMap(({ caughtUpMs }) => caughtUpMs ?? []);
  const rows: Row[] = [
    ['seed', String(report.seed), 'of the choices; the timing is the machine’s'],
    ['seconds', report.seconds.toFixed(0), ''],
    ['kill -9', whole(report.kills), nodes(report.nodes)],
    ...Object.entries(report.partKills).map(([part, kills]): Row => [
      `kill of ${part}`,
      whole(kills),
      'at once, beside a node; it stays away for half a second at most',
    ]),
    ['cut connections', whole(report.cuts), 'after a random byte, either way'],
    ['clients', whole(report.clients), 'two of each person'],
    ['acknowledged', whole(report.acknowledged), 'messages'],
    ['changes', whole(report.changes), 'edits, deletions, reactions given and taken back'],
    ['Acks', whole(report.acks), 'with those of messages that were sent again'],
    ['refused for now', whole(report.postponed), 'and sent again, while a part was away'],
    ['deliveries', whole(report.deliveries), 'live, by Sync, and over HTTP: all were compared'],
    ['stored', whole(report.stored), 'messages in all histories'],
    ['joins', whole(report.moves.joins), 'of rooms, public and private, history all and joined'],
    ['leaves', whole(report.moves.leaves), 'by oneself'],
    ['removals', whole(report.moves.removals), 'by the owner or a moderator'],
    ['unanswered, stored', whole(unanswered.stored), 'allowed: nobody asked again'],
    ['unanswered, not stored', whole(unanswered.notStored), 'allowed: nobody asked again'],
    ['kill to ready', times(ready), 'ms: median, 95th of 100, longest'],
    [
      'kill to all caught up',
      times(caughtUp),
      `ms; in ${whole(caughtUp.length)} lives long enough`,
    ],
    ...Object.entries(FAULTS).map(([fault, meaning]): Row => [
      fault,
      whole(faults.count(fault as Fault)),
      meaning,
    ]),
  ];
  return [...aligned(rows), '', conclusion(report)].join('\n');
}

/** Empty where all went well: else what went wrong, and then the table. */
export function failure(report: ChaosReport): string {
  return report.faults.total > 0 ? `${conclusion(report)}\n\n${table(report)}` : '';
}

function nodes(count: number): string {
  return count === 1 ? 'of the service' : `of one of ${count} nodes; in the end of all at once`;
}

/** Nothing in n tries bounds the rate by 3 / n with 95 % confidence. */
function conclusion({ faults, kills, acknowledged }: ChaosReport): string {
  if (faults.total > 0) {
    const examples = KINDS.flatMap((kind) => faults.examples(kind).map((it) => `${kind}: ${it}`));
    return ['FAILED. The first of each kind:', ...examples].join('\n');
  }
  return [
    `Nothing was lost, doubled or out of order. With 0 of n the true rate is below 3/n (95 %):`,
    `fewer than ${rate(kills)} kills harm anything. Messages of one kill share its fate, so that is`,
    `the bound to go by; were they independent, fewer than ${rate(acknowledged)} messages are harmed.`,
    'A kill leaves the page cache alone: for power loss see the trace of syncs in the tests.',
  ].join('\n');
}

function rate(tries: number): string {
  return `1 in ${whole(Math.floor(tries / 3))}`;
}

function times(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(0);
  return `${at(0.5)} / ${at(0.95)} / ${at(1)}`;
}

function whole(count: number): string {
  return count.toLocaleString('en');
}

function aligned(rows: readonly Row[]): readonly string[] {
  const first = Math.max(...rows.map(([figure]) => figure.length));
  const second = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([figure, value, meaning]) =>
    `${figure.padEnd(first)}  ${value.padStart(second)}  ${meaning}`.trimEnd(),
  );
}
