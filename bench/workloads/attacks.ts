import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { admit, gather } from '../load/crowd.js';
import { HttpCaller } from '../load/http-caller.js';
import { Talk } from '../load/talk.js';
import { atTurn } from '../load/turns.js';
import { MemoryWatch } from '../measure/memory-watch.js';
import { ServerProcess } from '../measure/server-process.js';
import { LIFTED_LIMITS } from '../peers/parley.js';
import { benchPath } from '../peers/places.js';
import type { Peer } from '../peers/peer.js';
import type { Result, Workload } from './workload.js';

const QUIET_MS = 5_000;
const ATTACK_MS = 10_000;
/** Afterwards nothing of an attack should remain. */
const AFTERMATH_MS = 5_000;
const OWNER = { username: 'owner', password: 'correct horse battery' };
const OWNER_EVERY_MS = 500;
const MIB = 1024 * 1024;

interface Attack {
  readonly kind: string;
  readonly setting: string;
  /** People in the room. */
  readonly crowd: number;
  readonly environment?: Readonly<Record<string, string>>;
}

const ATTACKS: readonly Attack[] = [
  { kind: 'pipelining', setting: '3 × 2,000 requests in a row, answers unread', crowd: 20 },
  {
    kind: 'polling',
    setting: '180 polling sessions abandoned, 20 long texts/s, heap of 256 MiB',
    crowd: 20,
    environment: { NODE_OPTIONS: '--max-old-space-size=256' },
  },
  { kind: 'lists', setting: 'the list asked for on 20 sockets, 250 in the room', crowd: 250 },
  { kind: 'logins', setting: '60 foreign log-ins at a time', crowd: 20 },
];

/** The attacker has the default limits; only its address is its own choice. */
const ENVIRONMENT = { ...asDefault(LIFTED_LIMITS), TRUSTED_PROXIES: '127.0.0.1' };

export const attacks: Workload = {
  name: 'attacks',
  title: 'What others notice of an attack, and what is left of it afterwards',
  columns: [
    { key: 'quietP50', title: 'Ack p50 ms before' },
    { key: 'p50', title: 'Ack p50 ms meanwhile' },
    { key: 'p99', title: 'Ack p99 ms meanwhile' },
    { key: 'rssBefore', title: 'RSS MiB before' },
    { key: 'rssPeak', title: 'at most' },
    { key: 'rssAfter', title: 'after' },
    { key: 'filesBefore', title: 'descriptors before' },
    { key: 'filesAfter', title: 'after' },
    { key: 'served', title: "owner's log-ins served" },
    { key: 'refused', title: 'refused' },
  ],
  limitMs: 180_000,
  suits: (peer) => peer.name.startsWith('parley') && peer.isBacked !== true,
  run: async (peer) => {
    const results: Result[] = [];
    for (const [x, attack] of ATTACKS.entries()) results.push(await withstand(peer, attack, x));
    return results;
  },
};

async function withstand(plain: Peer, attack: Attack, x: number): Promise<Result> {
  const peer = withEnvironment(plain, { ...ENVIRONMENT, ...attack.environment });
  const server = await ServerProcess.start(peer);
  try {
    const owner = new Owner(server.port);
    await owner.register();
    const passes = await admit(peer, server.port, attack.crowd);
    const members = await gather(peer, server.port, passes);
    const talk = new Talk(peer, atTurn(members, 0));
    await delay(QUIET_MS);
    const before = { files: server.meter.descriptors(), quietP50: talk.take().percentile(50) };
    const memory = new MemoryWatch(server.meter);
    const child = await begin(attack.kind, server.port);
    talk.take();
    if (attack.kind === 'logins') owner.start();
    await delay(ATTACK_MS);
    const times = talk.take();
    const log = owner.stop();
    const counts = await end(child);
    await delay(AFTERMATH_MS);
    const { first, peak } = memory.stop();
    talk.stop();
    const figures = {
      quietP50: before.quietP50,
      p50: times.percentile(50),
      p99: times.percentile(99),
      rssBefore: first / MIB,
      rssPeak: peak / MIB,
      rssAfter: server.meter.rssBytes() / MIB,
      filesBefore: before.files,
      filesAfter: server.meter.descriptors(),
      ...(attack.kind === 'logins' ? log : {}),
    };
    const lost = members.filter((member) => member.lost).length;
    for (const member of members) member.leave();
    const note = JSON.stringify(counts);
    return { setting: attack.setting, x, outcome: lost === 0 ? 'ok' : 'lost', note, figures };
  } finally {
    await server.stop();
  }
}

/** A person with a password, who logs in from a familiar address. */
class Owner {
  private readonly caller: HttpCaller;
  private readonly outcomes = { served: 0, refused: 0 };
  private timer: NodeJS.Timeout | null = null;

  constructor(port: number) {
    this.caller = new HttpCaller(port, 8);
  }

  async register(): Promise<void> {
    await this.caller.text({ method: 'POST', path: '/auth/register', body: OWNER });
    await this.caller.text({ method: 'POST', path: '/auth/login', body: OWNER });
  }

  start(): void {
    this.timer = setInterval(() => {
      this.caller.text({ method: 'POST', path: '/auth/login', body: OWNER }).then(
        () => (this.outcomes.served += 1),
        () => (this.outcomes.refused += 1),
      );
    }, OWNER_EVERY_MS);
  }

  stop(): Record<string, number> {
    if (this.timer) clearInterval(this.timer);
    return { ...this.outcomes };
  }
}

async function begin(kind: string, port: number): Promise<ChildProcess> {
  const child = fork(benchPath('probes', 'attack.mjs'), [kind, String(port)]);
  await once(child, 'message');
  return child;
}

async function end(child: ChildProcess): Promise<unknown> {
  const told = once(child, 'message');
  child.send('stop');
  const [counts] = (await told) as [unknown];
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
  return counts;
}

function withEnvironment(peer: Peer, environment: Readonly<Record<string, string>>): Peer {
  return {
    ...peer,
    command: (port, folder) => {
      const command = peer.command(port, folder);
      return { ...command, environment: { ...command.environment, ...environment } };
    },
  };
}

/** The crowd comes from one address: only the limits it would reach stay lifted. */
function asDefault(lifted: Readonly<Record<string, string>>): Record<string, string> {
  const { CONNECT_RATE = '', LOGIN_RATE = '', MAX_CONNECTIONS_PER_ADDRESS = '' } = lifted;
  const needed = { CONNECT_RATE, LOGIN_RATE, MAX_CONNECTIONS_PER_ADDRESS };
  return { ...Object.fromEntries(Object.keys(lifted).map((key) => [key, ''])), ...needed };
}
