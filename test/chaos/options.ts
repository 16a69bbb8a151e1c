import { parseArgs } from 'node:util';

export interface Options {
  readonly cycles: number;
  readonly clients: number;
  readonly seed: number;
  /** Three nodes over PostgreSQL and Redis, which are killed, too. */
  readonly cluster: boolean;
}

export const USAGE = `npm run chaos -- [options]
  --cycles <n>    times that the service is killed; 25 where none is given
  --clients <n>   connections, two of each person; 12 where none is given
  --seed <n>      repeats the choices of a run; random where none is given
  --cluster       three nodes behind a balancer; Redis and PostgreSQL are killed, too
  --help          this text

npm run chaos -- removals [--count <n>] [--seed <n>]
                  removes people from a room under load, over three nodes; 1000 times
npm run chaos -- unread [--steps <n>] [--kill-every <n>] [--seed <n>]
                  reads, joins and leaves at random against a model; 100000 steps
npm run chaos -- away [--events <n>] [--postgres] [--seed <n>]
                  people come back by each transport to messages that changed; 50000 events`;

/**
 * @returns null where only help was wanted
 * @throws Error where an option is unknown, or no number that makes sense
 */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cycles: { type: 'string', default: '25' },
      clients: { type: 'string', default: '12' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      cluster: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    cycles: whole('cycles', values.cycles, 1),
    clients: whole('clients', values.clients, 4),
    seed: whole('seed', values.seed, 0),
    cluster: values.cluster,
  };
}

/** @throws Error where it is no whole number from `least` on */
export function whole(name: string, given: string, least: number): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number from ${least} on`);
}
