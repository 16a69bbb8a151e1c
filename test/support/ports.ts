import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the range of ephemeral ports: another test's outgoing connection could take one of those
 * while the server that had it is being restarted.
 */
const FIRST = 10_000;
const COUNT = 20_000;

/** Random per process, so that two hardly ever try the same port. */
let next = randomInt(COUNT);

/** A free port on loopback that this process has not handed out lately. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const outcome = await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(true);
    });
  });
  if (!outcome) return false;
  server.close();
  await once(server, 'close');
  return true;
}
