import type { Meters } from '../../kernel/metrics/meters.js';
import type { Labelled } from '../../kernel/metrics/tally.js';
import type { LogFollower } from './log-follower.js';

/**
 * Names what can be measured of followers. Once, by whoever has them.
 * @param all those that there are at the time of asking: as many as the operator set up
 */
export function meterFollowers(meters: Meters, all: () => Iterable<LogFollower>): void {
  const each = (figure: (follower: LogFollower) => number): Labelled => ({
    label: 'follower',
    read: () => new Map([...all()].map((one) => [one.name, figure(one)])),
  });
  meters.gauge(
    'parley_follower_lag_events',
    'Events that a follower has not handled yet; 0 where another node follows',
    each(({ lag }) => lag.events),
  );
  meters.gauge(
    'parley_follower_lag_seconds',
    'For how long the oldest of them has been waiting',
    each(({ lag }) => lag.ms / 1_000),
  );
  meters.counter(
    'parley_follower_events_total',
    'Events that a follower has handled on this node',
    each(({ counts }) => counts.handled),
  );
  meters.counter(
    'parley_follower_failures_total',
    'Calls of a follower that failed on this node',
    each(({ counts }) => counts.failures),
  );
}
