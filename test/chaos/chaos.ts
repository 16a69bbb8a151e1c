import { Service } from '../support/service.js';
import { startProxy } from '../support/tcp-proxy.js';
import { Chance } from './chance.js';
import { Crowd } from './crowd.js';
import { Faults } from './faults.js';
import { Ledger } from './ledger.js';
import { type Recovery, Saboteur } from './saboteur.js';
import { type Unanswered, Verdict } from './verdict.js';

/** What the last unanswered messages and catching up may take, when nobody disturbs any more. */
const SETTLE_MS = 60_000;
/** What reading everything from the beginning may take. */
const READ_MS = 600_000;

const ENVIRONMENT = {
  LOG_LEVEL: 'warn',
  // Longer than any run.
  ACCESS_TOKEN_TTL: '86400',
  // So that a device that knows nothing gets as much as possible by Sync, the rest page by page.
  MAX_SYNC_MESSAGES: '100000',
};

export interface ChaosOptions {
  /** Kills. */
  readonly cycles: number;
  /** Fewer kills where they take longer than this, in milliseconds. */
  readonly longest?: number;
  /** Connections; every person has two. */
  readonly clients: number;
  /** Repeats the saboteur's and the talkers' choices. What the machine makes of them differs. */
  readonly seed: number;
  /** Where the service keeps its data. */
  readonly dataDir: string;
  /** Called after every cycle. */
  readonly progress?: (kills: number, acknowledged: number) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly clients: number;
  readonly seconds: number;
  readonly kills: number;
  readonly cuts: number;
  /** Messages, each counted once. */
  readonly acknowledged: number;
  readonly acks: number;
  readonly stored: number;
  readonly deliveries: number;
  readonly unanswered: Unanswered;
  readonly recoveries: readonly Recovery[];
  readonly faults: Faults;
}

/**
 * Lets clients talk while the service is killed and connections are cut, and then holds all that
 * it kept, and all that every client got, against what it had promised.
 *
 * @throws Error where the service does not come back
 */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const began = performance.now();
  const chance = new Chance(options.seed);
  const faults = new Faults();
  const ledger = new Ledger(faults);
  const service = new Service({ dataDir: options.dataDir, env: ENVIRONMENT });
  await service.start();
  const proxy = await startProxy(service.port);
  const crowd = new Crowd(service, { wsUrl: () => proxy.wsUrl, ledger, faults }, chance.fork());
  const saboteur = new Saboteur(service, proxy, crowd, ledger, chance.fork());

  await crowd.gather(options.clients);
  crowd.talk();
  saboteur.startCutting();
  const { cycles, longest = Infinity } = options;
  while (saboteur.kills < cycles - 1 && performance.now() - began < longest) {
    await saboteur.letLive();
    await saboteur.killAndRestart();
    options.progress?.(saboteur.kills, ledger.acknowledged);
  }
  await saboteur.letLive();
  crowd.hush();
  saboteur.stopCutting();
  const check = (isQuiet: boolean, what: string): void => {
    if (!isQuiet) faults.note('stuck', what);
  };
  check(await crowd.quiet(SETTLE_MS), 'before the last kill');
  // The last one, in silence: what follows is read from the disk.
  await saboteur.killAndRestart();
  check(await crowd.quiet(SETTLE_MS), 'after the last kill');
  check(await crowd.newcomers(READ_MS), 'devices that ask for everything');

  const verdict = new Verdict(ledger, faults);
  const unanswered = await verdict.reach(crowd);
  crowd.leave();
  await proxy.close();
  await service.kill();
  return {
    ...{ seed: options.seed, clients: options.clients, faults, unanswered },
    ...{ kills: saboteur.kills, cuts: saboteur.cuts, recoveries: saboteur.recoveries },
    ...{ acknowledged: ledger.acknowledged, acks: ledger.acks, deliveries: ledger.deliveries },
    stored: verdict.stored,
    seconds: (performance.now() - began) / 1_000,
  };
}
