import { parentPort, workerData } from 'node:worker_threads';
import { PEERS } from '../peers/all.js';
import type { Answers, Assignment, Question } from './bystanders.js';
import { gather } from './crowd.js';
import { Ledger } from './ledger.js';
import { OpenLoop } from './pace.js';
import { taggedRef, taggedText } from './tag.js';
import { atTurn } from './turns.js';

const { peerName, port, passes, rate } = workerData as Assignment;
const peer = PEERS.find(({ name }) => name === peerName);
if (!peer || !parentPort) throw new Error('bystanders are called by name, from another thread');

const members = await gather(peer, port, passes, passes.length);
const ledger = new Ledger(members);
/** One author, so that the room's numbers are those of the ledger. */
const author = atTurn(members, 0);
let pace = begin();

const answers: { [Key in Question]: () => Answers[Key] } = {
  speak: () => {
    pace = begin();
    pace.start();
    return null;
  },
  hush: () => {
    pace.stop();
    return { isBehind: pace.isBehind };
  },
  latency: () => {
    const { latency } = ledger;
    const figures = {
      p50: latency.percentile(50),
      p99: latency.percentile(99),
      max: latency.max,
      count: latency.size,
    };
    latency.clear();
    return figures;
  },
  leave: () => {
    const fault = ledger.fault();
    for (const member of members) member.leave();
    return { sent: ledger.sent, fault };
  },
};

const toParent = parentPort;
toParent.on('message', (question: Question) => {
  toParent.postMessage(answers[question]());
});
toParent.postMessage(null);

function begin(): OpenLoop {
  return new OpenLoop(ledger, rate, (due) => {
    const number = ledger.enterForAll(due);
    author.send(peer?.say(author.pass, taggedText(number), taggedRef(number)) ?? '');
  });
}
