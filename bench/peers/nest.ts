import { benchPath } from './places.js';
import type { Peer } from './peer.js';

export const nest: Peer = {
  name: 'nest',
  title: 'Nest, default WsAdapter',
  missing: () => null,
  command: () => ({
    file: process.execPath,
    args: [benchPath('dist', 'peers', 'servers', 'nest.js')],
  }),
  upgrade: ({ name }) => ({ path: `/?name=${name}` }),
  say: (_author, data, ref) => JSON.stringify({ event: 'say', data: { data, ref } }),
  echo: (data) => JSON.stringify({ event: 'echo', data: { data } }),
};
