/** A line of a chart. */
export interface Series {
  readonly title: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Both axes have the same scale. */
  readonly scale: 'linear' | 'log';
  readonly series: readonly Series[];
}

interface Axis {
  readonly ticks: readonly number[];
  /** @returns the value's position on the axis, from 0 to 1 */
  place(value: number): number;
}

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 190;
const TOP = 44;
const BOTTOM = 52;
const LEGEND_LINE = 22;

/** Draws lines over two axes. */
export function drawChart({ title, xTitle, yTitle, scale, series }: Chart): string {
  const points = series.flatMap((one) => one.points);
  const axisOf = scale === 'log' ? logAxis : linearAxis;
  const xAxis = axisOf(points.map(([x]) => x));
  const yAxis = axisOf(points.map(([, y]) => y));
  const xAt = (x: number): number => LEFT + xAxis.place(x) * (WIDTH - LEFT - RIGHT);
  const yAt = (y: number): number => HEIGHT - BOTTOM - yAxis.place(y) * (HEIGHT - TOP - BOTTOM);
  const across = xAxis.ticks.map(
    (tick) =>
      grid(xAt(tick), TOP, xAt(tick), HEIGHT - BOTTOM) +
      text(xAt(tick), HEIGHT - BOTTOM + 18, short(tick), 'middle'),
  );
  const up = yAxis.ticks.map(
    (tick) =>
      grid(LEFT, yAt(tick), WIDTH - RIGHT, yAt(tick)) +
      text(LEFT - 8, yAt(tick) + 4, short(tick), 'end'),
  );
  const lines = series.map((one) => drawLine(one, xAt, yAt));
  const legend = series.map(({ title: name, colour }, index) => {
    const y = TOP + 10 + index * LEGEND_LINE;
    const x = WIDTH - RIGHT + 16;
    return `<circle cx="${x}" cy="${y}" r="5" fill="${colour}"/>${text(x + 12, y + 4, name)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"`,
    ` font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<g font-size="15" font-weight="600">${text(LEFT, 24, title)}</g>`,
    ...[...across, ...up, ...lines, ...legend],
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, xTitle, 'middle'),
    `<g transform="rotate(-90 18 ${HEIGHT / 2})">${text(18, HEIGHT / 2, yTitle, 'middle')}</g>`,
    `</svg>\n`,
  ].join('\n');
}

function drawLine(
  { colour, points }: Series,
  xAt: (x: number) => number,
  yAt: (y: number) => number,
): string {
  const places = points.map(([x, y]) => [xAt(x).toFixed(1), yAt(y).toFixed(1)] as const);
  const path = places.map((place) => place.join(',')).join(' ');
  const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`);
  const line = `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  return line + dots.join('');
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#e2e2e2"/>`;
}

function text(x: number, y: number, words: string, anchor = 'start'): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${safe}</text>`;
}

function logAxis(values: readonly number[]): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...values))), low + 1);
  const ticks = Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step));
  return { ticks, place: (value) => (Math.log10(value) - low) / (high - low) };
}

function linearAxis(values: readonly number[]): Axis {
  const most = Math.max(...values);
  const rough = most / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  const steps = Math.ceil(most / step);
  const ticks = Array.from({ length: steps + 1 }, (_, index) => index * step);
  return { ticks, place: (value) => value / (steps * step) };
}

function short(tick: number): string {
  return Number(tick.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 });
}
