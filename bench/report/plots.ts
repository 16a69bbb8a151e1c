import type { Peer } from '../peers/peer.js';
import type { Entry } from '../runner.js';
import type { Result } from '../workloads/workload.js';
import { drawChart, type Series } from './chart.js';
import { resultsOf } from './figures.js';

interface Plot {
  readonly file: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly scale: 'linear' | 'log';
  readonly workload: string;
  readonly figure: string;
  readonly includes?: (result: Result) => boolean;
  /** Several lines for each server, instead of one. */
  readonly lines?: readonly Line[];
}

interface Line {
  readonly title: string;
  readonly colour: string;
  readonly includes: (result: Result) => boolean;
}

const COLOURS: Readonly<Record<string, string>> = {
  parley: '#d1242f',
  'parley-cluster': '#a40e26',
  'parley-socket.io': '#ff8182',
  'socket.io': '#24292f',
  ws: '#bf8700',
  'ws-once': '#8250df',
  nest: '#e16f9f',
  bun: '#0969da',
  nats: '#1a7f37',
  nchan: '#6e7781',
};

const isRate = ({ setting }: Result): boolean => setting.endsWith('messages/s');

const onNodes = (title: string, colour: string): Line => ({
  title,
  colour,
  includes: ({ setting }) => setting.startsWith(`${title},`),
});

const PLOTS: readonly Plot[] = [
  {
    file: 'cpu-by-rate.svg',
    title: 'Server CPU per delivery, 1,000 members',
    xTitle: 'messages per second',
    yTitle: 'µs per delivery',
    scale: 'log',
    workload: 'fan-out',
    figure: 'cpuPerDelivery',
    includes: isRate,
  },
  {
    file: 'p99-by-rate.svg',
    title: '99th percentile of delivery, 1,000 members',
    xTitle: 'messages per second',
    yTitle: 'ms',
    scale: 'log',
    workload: 'fan-out',
    figure: 'p99',
    includes: isRate,
  },
  {
    file: 'cpu-by-members.svg',
    title: 'Server CPU per delivery by members, 4 messages in flight',
    xTitle: 'members',
    yTitle: 'µs per delivery',
    scale: 'log',
    workload: 'members',
    figure: 'cpuPerDelivery',
  },
  {
    file: 'memory-by-connections.svg',
    title: 'Resident memory by idle connections',
    xTitle: 'connections',
    yTitle: 'MiB',
    scale: 'linear',
    workload: 'idle',
    figure: 'rssMib',
  },
  {
    file: 'bus-traffic.svg',
    title: 'What one message to the room makes Redis send',
    xTitle: 'members',
    yTitle: 'bytes',
    scale: 'log',
    workload: 'bus-traffic',
    figure: 'bytesOut',
    lines: [
      onNodes('1 node', '#0969da'),
      onNodes('2 nodes', '#1a7f37'),
      onNodes('3 nodes', '#d1242f'),
    ],
  },
];

/** @returns name and content of each plot that has figures */
export function drawPlots(
  peers: readonly Peer[],
  entries: readonly Entry[],
): readonly (readonly [file: string, svg: string])[] {
  return PLOTS.flatMap((plot) => {
    const series = peers
      .flatMap((peer) => seriesOf(plot, peer, entries))
      .filter(({ points }) => points.length > 0);
    return series.length === 0 ? [] : [[plot.file, drawChart({ ...plot, series })] as const];
  });
}

function seriesOf(plot: Plot, { name, title }: Peer, entries: readonly Entry[]): readonly Series[] {
  const whole = {
    title,
    colour: COLOURS[name] ?? '#999',
    includes: plot.includes ?? ((): boolean => true),
  };
  const results = resultsOf(entries, plot.workload, name).filter(
    ({ outcome }) => outcome !== 'lost',
  );
  return (plot.lines ?? [whole]).map((line) => {
    const points = results
      .filter((result) => line.includes(result))
      .map(({ x, figures }) => [x, figures[plot.figure] ?? Number.NaN] as const)
      .filter(([, y]) => Number.isFinite(y));
    return { title: line.title, colour: line.colour, points };
  });
}
