import { startProxy } from '../support/tcp-proxy.js';
import { Chance } from './chance.js';
import { Crowd } from './crowd.js';
import { Faults } from './faults.js';
import { Ledger } from './ledger.js';
import { Moves } from './moves.js';
import { Reading } from './reading.js';
import { type Recovery, Saboteur } from './saboteur.js';
import type { Stage } from './stage.js';
import { type Unanswered, Verdict } from './verdict.js';

/** What the last unanswered messages and catching up may take, when nobody disturbs any more. */
const SETTLE_MS = 60_000;
/** What reading everything from the beginning may take. */
const READ_MS = 600_000;

export interface ChaosOptions {
  /** Kills of a node. */
  readonly cycles: number;
  /** Fewer kills where they take longer than this, in milliseconds. */
  readonly longest?: number;
  /** Connections; every person has two. */
  readonly clients: number;
  /** Repeats the saboteur's and the talkers' choices. What the machine makes of them differs. */
  readonly seed: number;
  /** The service, started. It is ended with the run. */
  readonly stage: Stage;
  /** Called after every cycle. */
  readonly progress?: (kills: number, acknowledged: number) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly clients: number;
  readonly seconds: number;
  readonly nodes: number;
  readonly kills: number;
  /** By name, of what nodes share. */
  readonly partKills: Readonly<Record<string, number>>;
  /** Refusals for now. */
  readonly postponed: number;
  readonly cuts: number;
  /** Messages, each counted once. */
  readonly acknowledged: number;
  /** Edits, deletions and reactions that were acknowledged. */
  readonly changes: number;
  readonly acks: number;
  readonly stored: number;
  readonly deliveries: number;
  /** Of people, in and out of rooms. */
  readonly moves: Moves['count'];
  readonly unanswered: Unanswered;
  readonly recoveries: readonly Recovery[];
  readonly faults: Faults;
}

/**
 * Lets clients talk while nodes are killed and connections are cut, and then holds all that
 * it kept, and all that every client got, against what it had promised.
 *
 * @throws Error where the service does not come back
 */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const began = performance.now();
  const chance = new Chance(options.seed);
  const faults = new Faults();
  const ledger = new Ledger(faults);
  const moves = new Moves(faults);
  const verdict = new Verdict(ledger, moves, faults);
  const { stage } = options;
  const proxy = await startProxy(stage.place.port);
  const isCluster = Object.keys(stage.parts).length > 0;
  const around = { wsUrl: () => proxy.wsUrl, ledger, moves, faults, isCluster };
  const crowd = new Crowd(stage.place, around, chance.fork());
  const saboteur = new Saboteur(stage, proxy, crowd, ledger, chance.fork());
  try {
    await crowd.gather(options.clients);
    await disturb(crowd, saboteur, ledger, options);
    await settle(crowd, saboteur, faults);
    const unanswered = await verdict.reach(crowd);
    const reading = new Reading(stage.place, verdict.counted, moves, faults, chance.fork());
    for (const visitor of crowd.visitors) await reading.judge(visitor);
    const { seed, clients } = options;
    const { kills, partKills, cuts, recoveries } = saboteur;
    const { acknowledged, acks, deliveries, postponed } = ledger;
    const seconds = (performance.now() - began) / 1_000;
    const sabotage = { nodes: stage.nodes.length, kills, partKills, cuts, recoveries };
    const counts = {
      acknowledged,
      changes: ledger.changes.acknowledged,
      acks,
      deliveries,
      postponed,
      stored: verdict.stored,
      moves: moves.count,
    };
    return { seed, clients, seconds, ...sabotage, ...counts, unanswered, faults };
  } finally {
    saboteur.stopCutting();
    crowd.leave();
    await proxy.close();
    await stage.close();
  }
}

async function disturb(
  crowd: Crowd,
  saboteur: Saboteur,
  ledger: Ledger,
  { cycles, longest = Infinity, progress, stage }: ChaosOptions,
): Promise<void> {
  const end = performance.now() + longest;
  crowd.talk();
  saboteur.startCutting();
  while (saboteur.kills < cycles - stage.nodes.length && performance.now() < end) {
    await saboteur.letLive();
    await saboteur.killAndRestart();
    progress?.(saboteur.kills, ledger.acknowledged);
  }
  await saboteur.letLive();
}

/** The last kill comes in silence: what follows is read from the disk. */
async function settle(crowd: Crowd, saboteur: Saboteur, faults: Faults): Promise<void> {
  const check = (isQuiet: boolean, when: string): void => {
    if (!isQuiet) faults.note('stuck', when);
  };
  saboteur.stopCutting();
  await crowd.hush();
  check(await crowd.quiet(SETTLE_MS), 'before the last kill');
  await saboteur.killAll();
  check(await crowd.quiet(SETTLE_MS), 'after the last kill');
  check(await crowd.newcomers(READ_MS), 'when new devices asked for everything');
}
