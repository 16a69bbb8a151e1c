import { benchPath } from './places.js';
import type { Peer } from './peer.js';
import { packageVersion } from './version.js';

export const nest: Peer = {
  name: 'nest',
  title: 'Nest, default WsAdapter',
  missing: () => null,
  version: () => packageVersion('@nestjs/platform-ws'),
  command: () => ({
    file: process.execPath,
    args: [benchPath('dist', 'peers', 'servers', 'nest.js')],
  }),
  upgrade: ({ name }) => ({ path: `/?name=${name}` }),
  say: (_author, data, ref) => JSON.stringify({ event: 'say', data: { data, ref } }),
  echo: (data) => JSON.stringify({ event: 'echo', data: { data } }),
};
