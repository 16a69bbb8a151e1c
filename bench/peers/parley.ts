import { FrameType } from '@parley/protocol';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { HttpCaller } from '../load/http-caller.js';
import { atTurn } from '../load/turns.js';
import { projectPath } from './places.js';
import type { Pass, Peer } from './peer.js';

const MAIN = projectPath('dist', 'main.js');
const LOGINS_AT_A_TIME = 16;
const ROOMS_AT_A_TIME = 64;
/** The prefixes of these frames. */
const WELCOME = `{"type":${FrameType.GroupChat},"user":null`;
const SYNCED = `{"type":${FrameType.Sync},`;
const SECRET = randomBytes(32).toString('hex');

/**
 * Changes to the defaults: all load comes from one address and few people, so the limits per
 * address, person and second are lifted. Everything else is as a user gets it.
 */
export const LIFTED_LIMITS = {
  COMMAND_RATE: '0',
  PUBLIC_RATE: '0',
  NEW_DIRECT_RATE: '0',
  MESSAGE_RATE: '0',
  HISTORY_RATE: '0',
  CONNECT_RATE: '0',
  LOGIN_RATE: '0',
  MAX_CONNECTIONS_PER_ADDRESS: '0',
  MAX_HTTP_CONNECTIONS_PER_ADDRESS: '0',
} as const;

export const parley: Peer = {
  name: 'parley',
  title: 'Parley',
  missing: () => (existsSync(MAIN) ? null : 'no dist/main.js: run `npm run build`'),
  version: ownVersion,
  command: (port, folder) => ({
    file: process.execPath,
    args: [MAIN],
    environment: {
      ...LIFTED_LIMITS,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: folder,
      JWT_SECRET: SECRET,
    },
  }),
  admit: logInGuests,
  upgrade: ({ token }) => ({ path: '/chat', headers: { Authorization: `Bearer ${token}` } }),
  greet: (frame) => (frame.startsWith(WELCOME) ? 'ready' : 'wait'),
  say: (_author, data, ref) => JSON.stringify({ type: FrameType.GroupChat, data, ref }),
  archive: {
    page: (before, limit) => `/rooms/lobby/messages?before=${before}&limit=${limit}`,
    export: '/rooms/lobby/export?format=ndjson',
  },
  recovery: {
    upgrade: ({ token }) => ({
      path: '/chat?resume=1',
      headers: { Authorization: `Bearer ${token}` },
    }),
    ask: (have) => JSON.stringify({ type: FrameType.Sync, data: { lobby: have } }),
    isAnswer: (head) => head.startsWith(SYNCED),
  },
  whisper: (to, data, ref) =>
    JSON.stringify({ type: FrameType.SingleChat, to: to.name, data, ref }),
  rooms: {
    prepare: makeRooms,
    say: (_author, room, data, ref) =>
      JSON.stringify({ type: FrameType.GroupChat, room, data, ref }),
    ask: (have) => JSON.stringify({ type: FrameType.Sync, data: Object.fromEntries(have) }),
  },
};

/** One of a room's members makes it, and adds the others: another one each time, since nobody may make many. */
async function makeRooms(port: number, rooms: ReadonlyMap<string, readonly Pass[]>): Promise<void> {
  const caller = new HttpCaller(port, ROOMS_AT_A_TIME);
  let made = 0;
  const make = async (name: string, people: readonly Pass[]): Promise<void> => {
    if (people.length === 0) return;
    const maker = atTurn(people, made++);
    const members = people.flatMap((one) => (one === maker ? [] : one.name));
    await caller.text({
      ...{ method: 'POST', path: '/rooms', token: maker.token },
      body: { name, kind: 'public', history: 'all', members, ref: name },
    });
  };
  try {
    await Promise.all([...rooms].map(([name, members]) => make(name, members)));
  } finally {
    caller.close();
  }
}

function ownVersion(): string {
  const text = readFileSync(projectPath('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function logInGuests(port: number, names: readonly string[]): Promise<readonly Pass[]> {
  const caller = new HttpCaller(port, LOGINS_AT_A_TIME);
  try {
    return await Promise.all(names.map((name) => logIn(caller, name)));
  } finally {
    caller.close();
  }
}

async function logIn(caller: HttpCaller, username: string): Promise<Pass> {
  const answer = await caller.text({ method: 'POST', path: '/auth/guest', body: { username } });
  const tokens = JSON.parse(answer) as { access_token: string; user: { username: string } };
  return { name: tokens.user.username, token: tokens.access_token };
}
