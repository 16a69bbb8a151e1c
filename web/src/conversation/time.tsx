import { clockText, fullText } from '../language/dates.js';

export function Time({ time }: { time: number }) {
  return (
    <time dateTime={new Date(time).toISOString()} title={fullText(time)}>
      {clockText(time)}
    </time>
  );
}
