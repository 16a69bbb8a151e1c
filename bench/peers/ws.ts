import { FrameType } from '@parley/protocol';
import { serverPath } from './places.js';
import type { Peer } from './peer.js';
import { packageVersion } from './version.js';

function plainWs(name: string, title: string, encode: 'each' | 'once'): Peer {
  return {
    name,
    title,
    missing: () => null,
    version: () => packageVersion('ws'),
    command: () => ({
      file: process.execPath,
      args: [serverPath('ws.mjs')],
      environment: { ENCODE: encode },
    }),
    upgrade: ({ name: member }) => ({ path: `/?name=${member}` }),
    say: (_author, data, ref) => JSON.stringify({ type: FrameType.GroupChat, data, ref }),
    whisper: (to, data, ref) =>
      JSON.stringify({ type: FrameType.SingleChat, to: to.name, data, ref }),
  };
}

export const wsEach = plainWs('ws', 'ws, a plain loop', 'each');
export const wsOnce = plainWs('ws-once', 'ws, encoding once', 'once');
