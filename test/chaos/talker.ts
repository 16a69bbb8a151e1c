import { FrameType, type SyncOutcome } from '@parley/protocol';
import { WebSocket } from 'ws';
import type { Tokens } from '../support/people.js';
import type { Frame } from '../support/ws-client.js';
import type { Chance } from './chance.js';
import type { Fault } from './faults.js';
import { type History, toTold } from './history.js';
import { conversationIn, LOBBY, nameIn } from './message.js';
import { Requests } from './requests.js';
import { moveOf } from './room-view.js';
import { isRoom } from './rooms.js';
import { Speech } from './speech.js';
import { isInvitation, type Surroundings } from './surroundings.js';
import { Views } from './views.js';

/** So long a talker waits where it is told to try later. */
const LATER_MS = 100;
const SYNC = 'sync';
const ABNORMAL = 1006;

/**
 * One device of one person. It does what protocol.md asks of a good client and hides nothing:
 * whatever comes is noted in the ledger first.
 */
export class Talker {
  /** The person's other device. */
  sibling: Talker | null = null;
  readonly views: Views;
  private readonly speech: Speech;
  private readonly requests: Requests;
  /** Refs that are sent again a little later. */
  private readonly postponed = new Set<string>();
  private socket: WebSocket | null = null;
  /** When the connection was opened (as `performance.now`). */
  private since = 0;
  private inSync = false;
  private talking = false;
  private stopped = false;

  constructor(
    readonly device: string,
    private readonly me: Tokens,
    /** Names of the other people. */
    others: readonly string[],
    private readonly history: History,
    private readonly around: Surroundings,
    private readonly chance: Chance,
    rooms: readonly string[] = [LOBBY],
  ) {
    const { ledger, moves, isCluster } = around;
    const names = [...rooms, ...others.map((other) => `@${other}`)];
    const send = (frame: object): void => this.send(frame);
    this.views = new Views(names, isCluster);
    this.requests = new Requests(`${device}?`, send);
    this.speech = new Speech({
      ...{ device, person: this.person, others, views: this.views, ledger, moves, chance, send },
      sibling: () => (this.sibling?.inSync === true ? this.sibling.speech : null),
    });
  }

  get person(): string {
    return this.me.user.username;
  }

  /** It has everything, and everything that it said is answered. */
  get isQuiet(): boolean {
    return this.inSync && this.speech.isAnswered && this.requests.isEmpty;
  }

  /** Cut off, or catching up. */
  get isAway(): boolean {
    return !this.inSync;
  }

  /** Up to where it has each conversation. */
  *positions(): Generator<readonly [name: string, conversation: string, last: number]> {
    for (const [name, { last }] of this.views)
      yield [name, conversationIn(name, this.person), last];
  }

  connect(): void {
    if (this.stopped) return;
    const url = `${this.around.wsUrl()}?resume=1&token=${this.me.access_token}`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket = socket;
    this.since = performance.now();
    socket.on('message', (data) => this.hear(JSON.parse((data as Buffer).toString()) as Frame));
    // A close follows every error.
    socket.on('error', () => undefined);
    socket.once('close', (code) => this.lost(code));
  }

  talk(): void {
    this.talking = true;
    if (this.inSync) this.speech.fill();
  }

  /** Says nothing new. What was said is still brought to its Ack. */
  hush(): void {
    this.talking = false;
  }

  /** Asks until it is answered, over as many connections as that takes. @returns the answer */
  ask(frame: object): Promise<Frame> {
    return this.requests.ask(frame, this.inSync);
  }

  leave(): void {
    this.stopped = true;
    this.socket?.terminate();
  }

  private hear(frame: Frame): void {
    switch (frame.type) {
      case FrameType.GroupChat:
        if (frame.user === null) this.welcomed(frame);
        else if (isRoom(frame.room ?? '')) this.heardInRoom(frame);
        else this.delivered(frame);
        break;
      case FrameType.SingleChat:
        this.delivered(frame);
        break;
      case FrameType.Join:
      case FrameType.Part:
      case FrameType.Room:
      case FrameType.Member:
        if (frame.seq !== undefined) this.heardInRoom(frame);
        break;
      case FrameType.Edit:
      case FrameType.Deletion:
      case FrameType.Reaction:
        this.changed(frame);
        break;
      case FrameType.Ack:
        if (!this.requests.answered(frame)) this.acknowledged(frame);
        break;
      case FrameType.Read:
        if (!this.requests.answered(frame)) this.views.marked(frame, this.person);
        break;
      case FrameType.Sync:
        this.synced(frame.data as Readonly<Record<string, SyncOutcome>>);
        break;
      case FrameType.Error:
      case FrameType.Reject:
        this.refused(frame);
        break;
    }
  }

  private welcomed(frame: Frame): void {
    if ('heads' in frame) this.views.welcomed(frame.heads as Readonly<Record<string, number>>);
    this.sync();
  }

  private sync(): void {
    this.send({ type: FrameType.Sync, data: this.views.positions, ref: SYNC });
  }

  private synced(outcomes: Readonly<Record<string, SyncOutcome>>): void {
    const { behind, lacking } = this.views.synced(outcomes);
    for (const name of lacking) this.fault('gap', `${name} in a Sync`);
    if (behind.length > 0) void this.page(behind);
    else this.resume();
  }

  /** Too much was missed for a Sync: reads it over HTTP, then asks for the rest. */
  private async page(names: readonly string[]): Promise<void> {
    const { socket } = this;
    try {
      for (const name of names) {
        const view = this.views.get(name);
        for await (const message of this.history.read(name, view?.last)) {
          this.around.ledger.told(message);
          // A page has no numbers but those of messages.
          view?.startAt(message.seq);
          view?.deliver(message.seq);
        }
      }
      if (socket === this.socket) this.sync();
    } catch {
      // The service is gone; whatever is missing is asked for on return.
      socket?.terminate();
    }
  }

  private resume(): void {
    this.inSync = true;
    this.around.caughtUp(this);
    this.speech.again();
    this.requests.sendAll();
    this.goOn();
  }

  private delivered(frame: Frame): void {
    const message = { ...toTold(frame), since: this.since };
    const known = this.around.ledger.told(message);
    const name = nameIn(frame, this.person);
    const ref = this.around.ledger.refAt(message.conversation, message.seq);
    if (known !== null && ref !== null)
      this.speech.alterations.hear({ ref, name, seq: message.seq });
    this.fills(name, message.seq);
  }

  /** What became of a message has a number as messages have. */
  private changed(frame: Frame): void {
    const { ledger, moves } = this.around;
    const name = nameIn(frame, this.person);
    const place = conversationIn(name, this.person);
    ledger.changes.told(frame, place, this.since);
    moves.told({ ...frame, room: place });
    if (isRoom(name)) this.sees(name, frame, false);
    else this.fills(name, frame.seq ?? 0);
  }

  private fills(name: string, seq: number): void {
    if (this.views.get(name)?.deliver(seq) === false) this.fault('repeated', `${name} #${seq}`);
  }

  private heardInRoom(frame: Frame): void {
    const { type, room = '', user } = frame;
    const { ledger, moves } = this.around;
    if (type === FrameType.GroupChat) ledger.told({ ...toTold(frame), since: this.since });
    else moves.told(frame);
    this.sees(room, frame, user?.username === this.person);
  }

  /** A number of a room. */
  private sees(room: string, { type, seq = 0 }: Frame, isOwn: boolean): void {
    const joins = this.around.moves.joinsOf(room, this.person);
    const own = isOwn ? moveOf(type) : null;
    const wrong = this.views.room(room, this.inSync).hear(seq, own, joins);
    if (wrong !== null) this.fault(wrong, `${room} #${seq}`);
  }

  private acknowledged({ ref = '', to, id = '', seq = 0 }: Frame): void {
    if (this.speech.alterations.acknowledged(ref, seq)) {
      this.goOn();
      return;
    }
    this.around.ledger.ack(ref, { id, seq });
    // The socket that said it gets the Ack in place of the private message itself.
    if (to !== undefined) this.views.get(`@${to}`)?.have(seq);
    this.speech.acknowledged(ref);
    this.goOn();
  }

  private refused(frame: Frame): void {
    const { type, ref, code = '', retryable } = frame;
    const isAlteration = ref !== undefined && this.around.ledger.changes.has(ref);
    // Two may want to change one message at once, again and again.
    if (type === 7 && retryable === true && (this.around.isCluster || isAlteration)) {
      this.postpone(ref);
      return;
    }
    if (this.requests.answered(frame)) return;
    const isExpected = isAlteration && this.speech.alterations.refused(ref, code);
    if (ref !== undefined) this.speech.giveUp(ref);
    if (isExpected || (code === 'not-a-member' && this.speech.mayBeOutside(ref ?? ''))) this.goOn();
    else
      this.fault('refused', `${type === 7 ? 'Reject' : 'Error'} ${code} for ${ref ?? 'nothing'}`);
  }

  private lost(code: number): void {
    this.inSync = false;
    const isInvited = this.around.isCluster && isInvitation(code);
    if (code !== ABNORMAL && !isInvited) this.fault('refused', `close ${code}`);
    const { person, device } = this;
    for (const [name, seq] of this.views.disconnect()) {
      this.around.ledger.hole(conversationIn(name, this.person), seq, { person, device });
    }
    if (!this.stopped) setTimeout(() => this.connect(), this.chance.between(20, 100));
  }

  /** What is sent again later may overtake nobody, but others have overtaken it. */
  private postpone(ref: string | undefined): void {
    this.around.ledger.postponed += 1;
    if (ref === undefined || this.postponed.has(ref)) return;
    this.around.ledger.loosen(ref);
    this.postponed.add(ref);
    const { socket } = this;
    setTimeout(() => {
      this.postponed.delete(ref);
      if (socket !== this.socket) return;
      if (ref === SYNC) this.sync();
      else if (!this.requests.again(ref) && !this.speech.alterations.sendAgain(ref)) {
        this.speech.sendAgain(ref);
      }
    }, LATER_MS);
  }

  private goOn(): void {
    if (this.talking && this.inSync) this.speech.fill();
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private fault(fault: Fault, what: string): void {
    this.around.faults.note(fault, `${this.device}: ${what}`);
  }
}
