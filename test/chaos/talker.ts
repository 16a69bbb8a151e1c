import { CloseCode, FrameType, type SyncOutcome } from '@parley/protocol';
import { WebSocket } from 'ws';
import type { Tokens } from '../support/people.js';
import type { Frame } from '../support/ws-client.js';
import type { Chance } from './chance.js';
import type { Faults } from './faults.js';
import { type History, toTold } from './history.js';
import type { Ledger } from './ledger.js';
import { conversationOf, LOBBY, textOf } from './message.js';
import { View } from './view.js';

/** Messages of one talker that wait for their Ack. */
const WINDOW = 8;
/** Acknowledged messages from which some are sent again. */
const REMEMBERED = 50;
/** So long a talker waits where it is told to try later. */
const LATER_MS = 100;
const SYNC = 'sync';
const ABNORMAL = 1006;
/** Closes after which a client comes back. */
const COME_BACK: readonly number[] = [CloseCode.Restarting, CloseCode.TryLater];

interface Message {
  readonly ref: string;
  /** A person's name; null: to everybody. */
  readonly to: string | null;
}

/** What all talkers share. */
export interface Surroundings {
  readonly wsUrl: () => string;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /**
   * There are several nodes, and what they share may be away: they may refuse for now, close with an
   * invitation, and acknowledge ahead of what was said on another one.
   */
  readonly isCluster: boolean;
  /** A talker's Sync has ended, and it has everything. */
  readonly caughtUp: (talker: Talker) => void;
}

/**
 * One device of one person. It does what protocol.md asks of a good client and hides nothing:
 * whatever comes is noted in the ledger first. It talks as fast as its messages are acknowledged,
 * and sends some of them more often than it must.
 */
export class Talker {
  /** The person's other device. */
  sibling: Talker | null = null;
  private readonly views = new Map<string, View>();
  private readonly unanswered = new Map<string, Message>();
  private readonly remembered: Message[] = [];
  /** Refs that are sent again a little later. */
  private readonly postponed = new Set<string>();
  private socket: WebSocket | null = null;
  private inSync = false;
  private talking = false;
  private stopped = false;
  private said = 0;

  constructor(
    readonly device: string,
    private readonly me: Tokens,
    /** Names of the other people. */
    private readonly others: readonly string[],
    private readonly history: History,
    private readonly around: Surroundings,
    private readonly chance: Chance,
    rooms: readonly string[] = [LOBBY],
  ) {
    for (const name of [...rooms, ...others.map((other) => `@${other}`)]) {
      this.views.set(name, new View(this.around.isCluster));
    }
  }

  /** It has everything, and everything that it said is answered. */
  get isQuiet(): boolean {
    return this.inSync && this.unanswered.size === 0;
  }

  /** Cut off, or catching up. */
  get isAway(): boolean {
    return !this.inSync;
  }

  /** Up to where it has each conversation. */
  *positions(): Generator<readonly [name: string, conversation: string, last: number]> {
    for (const [name, { last }] of this.views) yield [name, this.conversation(name), last];
  }

  connect(): void {
    if (this.stopped) return;
    const url = `${this.around.wsUrl()}?resume=1&token=${this.me.access_token}`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket = socket;
    socket.on('message', (data) => this.hear(JSON.parse((data as Buffer).toString()) as Frame));
    // A close follows every error.
    socket.on('error', () => undefined);
    socket.once('close', (code) => this.lost(code));
  }

  talk(): void {
    this.talking = true;
    if (this.inSync) this.fill();
  }

  /** Says nothing new. What was said is still brought to its Ack. */
  hush(): void {
    this.talking = false;
  }

  leave(): void {
    this.stopped = true;
    this.socket?.terminate();
  }

  private hear(frame: Frame): void {
    switch (frame.type) {
      case FrameType.GroupChat:
        if (frame.user === null) this.sync();
        else this.delivered(frame);
        break;
      case FrameType.SingleChat:
        this.delivered(frame);
        break;
      case FrameType.Ack:
        this.acknowledged(frame);
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

  private sync(): void {
    const data = Object.fromEntries([...this.views].map(([name, { last }]) => [name, last]));
    this.send({ type: FrameType.Sync, data, ref: SYNC });
  }

  private synced(outcomes: Readonly<Record<string, SyncOutcome>>): void {
    const behind: string[] = [];
    for (const [name, { seq, complete }] of Object.entries(outcomes)) {
      if (!complete) behind.push(name);
      else if (this.views.get(name)?.synced(seq) === false) this.fault('gap', `${name} in a Sync`);
    }
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
    for (const message of [...this.unanswered.values()]) {
      // Somebody who closes the page does not come back with what was on its way.
      if (this.chance.happens(0.1)) this.giveUp(message);
      else this.sendMessage(message);
    }
    this.fill();
  }

  private delivered(frame: Frame): void {
    const message = toTold(frame);
    this.around.ledger.told(message);
    const name = frame.type === 2 ? message.conversation : `@${this.partner(frame)}`;
    if (this.views.get(name)?.deliver(message.seq) === false) {
      this.fault('repeated', `${name} #${message.seq}`);
    }
  }

  private acknowledged({ ref = '', to, id = '', seq = 0 }: Frame): void {
    this.around.ledger.ack(ref, { id, seq });
    // The socket that said it gets the Ack in place of the private message itself.
    if (to !== undefined) this.views.get(`@${to}`)?.have(seq);
    const message = this.unanswered.get(ref);
    if (!message) return;
    this.unanswered.delete(ref);
    this.remembered.push(message);
    if (this.remembered.length > REMEMBERED) this.remembered.shift();
    this.fill();
  }

  private refused({ type, ref, code = '', retryable }: Frame): void {
    if (type === 7 && retryable === true && this.around.isCluster) {
      this.postpone(ref);
      return;
    }
    this.fault('refused', `${type === 7 ? 'Reject' : 'Error'} ${code} for ${ref ?? 'no message'}`);
    const message = ref === undefined ? undefined : this.unanswered.get(ref);
    if (message) this.giveUp(message);
  }

  private lost(code: number): void {
    this.inSync = false;
    const isInvited = this.around.isCluster && COME_BACK.includes(code);
    if (code !== ABNORMAL && !isInvited) this.fault('refused', `close ${code}`);
    for (const [name, view] of this.views) {
      for (const seq of view.disconnect()) {
        const person = this.me.user.username;
        this.around.ledger.hole(this.conversation(name), seq, { person, device: this.device });
      }
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
      const message = this.unanswered.get(ref);
      if (socket !== this.socket) return;
      if (ref === SYNC) this.sync();
      else if (message) this.sendMessage(message);
    }, LATER_MS);
  }

  private fill(): void {
    while (this.talking && this.inSync && this.unanswered.size < WINDOW) {
      this.say();
      if (this.chance.happens(0.02) && this.remembered.length > 0) {
        this.sendMessage(this.chance.pick(this.remembered));
      }
    }
  }

  private say(): void {
    const number = ++this.said;
    const to = this.chance.happens(0.3) ? this.chance.pick(this.others) : null;
    const message: Message = { ref: `${this.device}.${number}`, to };
    const author = this.me.user.username;
    this.around.ledger.sent(message.ref, {
      ...{ author, device: this.device, number },
      conversation: to === null ? LOBBY : conversationOf(author, to),
    });
    this.unanswered.set(message.ref, message);
    if (this.sibling?.inSync === true && this.chance.happens(0.1)) {
      this.around.ledger.loosen(message.ref);
      this.sibling.sendMessage(message);
    }
    this.sendMessage(message);
    if (this.chance.happens(0.1)) this.sendMessage(message);
  }

  private sendMessage({ ref, to }: Message): void {
    const data = textOf(ref);
    this.send(to === null ? { type: 2, data, ref } : { type: 3, to, data, ref });
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private giveUp({ ref }: Message): void {
    this.unanswered.delete(ref);
    this.around.ledger.loosen(ref);
  }

  private partner({ user, to = '' }: Frame): string {
    const author = user?.username ?? '';
    return author === this.me.user.username ? to : author;
  }

  private conversation(name: string): string {
    return name.startsWith('@') ? conversationOf(this.me.user.username, name.slice(1)) : name;
  }

  private fault(fault: 'gap' | 'repeated' | 'refused', what: string): void {
    this.around.faults.note(fault, `${this.device}: ${what}`);
  }
}
