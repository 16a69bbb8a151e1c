import { admit, gather } from '../load/crowd.js';
import { Ledger } from '../load/ledger.js';
import type { Member } from '../load/member.js';
import { ClosedLoop } from '../load/pace.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import { observe } from '../measure/observe.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Peer } from '../peers/peer.js';
import { BACKEND_COLUMNS, type Workload } from './workload.js';

const PAIRS = 100;
const IN_FLIGHT = [100, 1_000] as const;

type Send = (due: number) => void;

export const oneToOne: Workload = {
  name: 'one-to-one',
  title: `${PAIRS} pairs: delivered to the reader and acknowledged to the author`,
  columns: [
    { key: 'cpuPerMessage', title: 'CPU µs per message', isCompared: true },
    { key: 'messagesPerSecond', title: 'messages/s' },
    { key: 'p99', title: 'p99 ms' },
    { key: 'answerP99', title: 'p99 ms of the Ack' },
    ...BACKEND_COLUMNS,
  ],
  limitMs: 60_000,
  suits: (peer) => peer.whisper !== undefined || peer.echo !== undefined,
  run: async (peer, { timing }) => {
    const server = await ServerProcess.start(peer);
    try {
      const passes = await admit(peer, server.port, 2 * PAIRS);
      const members = await gather(peer, server.port, passes, 2 * PAIRS);
      await untilQuiet(server);
      const ledger = new Ledger(members);
      const results = [];
      for (const inFlight of IN_FLIGHT) {
        const pace = new ClosedLoop(ledger, inFlight, senderOf(peer, ledger, members));
        const observation = await observe(server, ledger, pace, timing);
        const note = peer.whisper ? {} : { note: 'a bare echo: one frame back to the author' };
        results.push({ setting: `${inFlight} in flight`, x: inFlight, ...note, ...observation });
      }
      for (const member of members) member.leave();
      return results;
    } finally {
      await server.stop();
    }
  },
};

/** The first half of the members are authors, each with a reader in the second half. */
function senderOf(peer: Peer, ledger: Ledger, members: readonly Member[]): Send {
  let turn = 0;
  return (due) => {
    turn = (turn + 1) % PAIRS;
    const author = atTurn(members, turn);
    const reader = atTurn(members, PAIRS + turn);
    if (peer.whisper) {
      const number = ledger.enterForOne(reader, due);
      author.send(peer.whisper(reader.pass, taggedText(number), taggedRef(number)));
    } else if (peer.echo) {
      const number = ledger.enterForAuthor(author, due);
      author.send(peer.echo(taggedText(number)));
    }
  };
}
