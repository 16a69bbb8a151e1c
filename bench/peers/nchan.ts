import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEvent } from './event.js';
import { programPath } from './places.js';
import type { Peer } from './peer.js';
import { programVersion } from './version.js';

const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';

/** One worker: with the load client on the second core, more would only cost context switches. */
const configuration = (port: number, folder: string): string => `
load_module ${MODULE};
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 65536; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /chat {
      nchan_pubsub websocket;
      nchan_channel_id lobby;
      nchan_store_messages off;
    }
  }
}
`;

export const nchan: Peer = {
  name: 'nchan',
  title: 'nginx with nchan',
  missing: () =>
    programPath('nginx') === null || !existsSync(MODULE)
      ? 'no nginx with nchan: install the package libnginx-mod-nchan'
      : null,
  version: () => `nginx ${programVersion(programPath('nginx'), '-v')}`,
  command: (port, folder) => {
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configuration(port, folder));
    return { file: programPath('nginx') ?? 'nginx', args: ['-c', file, '-p', folder] };
  },
  upgrade: () => ({ path: '/chat' }),
  say: ({ name }, text) => ownEvent(name, text),
};
