import { FrameType } from '@parley/protocol';
import { existsSync } from 'node:fs';
import { benchPath, programPath, serverPath } from './places.js';
import type { Peer } from './peer.js';
import { programVersion } from './version.js';

const PACKAGED = benchPath('node_modules', '@oven', 'bun-linux-x64', 'bin', 'bun');

function binary(): string | null {
  return existsSync(PACKAGED) ? PACKAGED : programPath('bun');
}

export const bun: Peer = {
  name: 'bun',
  title: 'Bun (uWebSockets)',
  missing: () => (binary() === null ? 'no `bun`: install Bun for this machine' : null),
  version: () => programVersion(binary(), '--version'),
  command: () => ({ file: binary() ?? 'bun', args: [serverPath('bun.mjs')] }),
  upgrade: ({ name }) => ({ path: `/?name=${name}` }),
  say: (_author, data, ref) => JSON.stringify({ type: FrameType.GroupChat, data, ref }),
  rooms: {
    enter: (room) => JSON.stringify({ type: FrameType.Join, room }),
    say: (_author, room, data, ref) =>
      JSON.stringify({ type: FrameType.GroupChat, room, data, ref }),
  },
  whisper: (to, data, ref) =>
    JSON.stringify({ type: FrameType.SingleChat, to: to.name, data, ref }),
};
