import type { Ledger } from '../load/ledger.js';
import type { Member } from '../load/member.js';
import { ClosedLoop, OpenLoop, type Pace } from '../load/pace.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import type { Peer } from '../peers/peer.js';

const SENDERS = 20;

/** A load on a room: messages in flight, or messages per second. */
export type RoomLoad =
  | { readonly kind: 'closed'; readonly inFlight: number }
  | { readonly kind: 'open'; readonly rate: number };

export function titleOf(load: RoomLoad): string {
  return load.kind === 'closed' ? `${load.inFlight} in flight` : `${load.rate} messages/s`;
}

/** Its position on a plot's axis. */
export function axisOf(load: RoomLoad): number {
  return load.kind === 'closed' ? load.inFlight : load.rate;
}

/** The load, sent by the first {@link SENDERS} of these members to all of the ledger's. */
export function paceOf(
  load: RoomLoad,
  peer: Peer,
  ledger: Ledger,
  members: readonly Member[],
): Pace {
  const send = senderOf(peer, ledger, members.slice(0, SENDERS));
  return load.kind === 'closed'
    ? new ClosedLoop(ledger, load.inFlight, send)
    : new OpenLoop(ledger, load.rate, send);
}

function senderOf(peer: Peer, ledger: Ledger, senders: readonly Member[]): (due: number) => void {
  let turn = 0;
  return (due) => {
    const author = atTurn(senders, turn++);
    const number = peer.sparesAuthor ? ledger.enterForOthers(author, due) : ledger.enterForAll(due);
    author.send(peer.say(author.pass, taggedText(number), taggedRef(number)));
  };
}
