import type { Pass, Peer } from '../peers/peer.js';
import { Member } from './member.js';
import { atTurn } from './turns.js';

const AT_A_TIME = 64;

/** One pass per member: from the server's log-in where it has one, made up otherwise. */
export async function admit(peer: Peer, port: number, count: number): Promise<readonly Pass[]> {
  const names = Array.from({ length: count }, (_, index) => `guest-${100_000 + index}`);
  return (await peer.admit?.(port, names)) ?? names.map((name) => ({ name, token: '' }));
}

/** Opens a connection for each pass; about `sampled` of them, spread evenly, measure latency. */
export async function gather(
  peer: Peer,
  port: number,
  passes: readonly Pass[],
  sampled = 0,
): Promise<Member[]> {
  const every = sampled > 0 ? Math.max(1, Math.floor(passes.length / sampled)) : Infinity;
  const members = new Array<Member>(passes.length);
  let next = 0;
  const openNext = async (): Promise<void> => {
    for (let index = next++; index < passes.length; index = next++) {
      const isSampled = index % every === every - 1;
      members[index] = await Member.open(peer, atTurn(passes, index), port, isSampled);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, openNext));
  return members;
}

/** The same on several nodes, with the same number of members each. @returns one crowd per node */
export async function gatherOn(
  peer: Peer,
  nodes: readonly { readonly port: number }[],
  size: number,
  sampled = 0,
): Promise<readonly (readonly Member[])[]> {
  const passes = await admit(peer, atTurn(nodes, 0).port, size * nodes.length);
  return Promise.all(
    nodes.map(({ port }, index) =>
      gather(peer, port, passes.slice(index * size, (index + 1) * size), sampled),
    ),
  );
}
