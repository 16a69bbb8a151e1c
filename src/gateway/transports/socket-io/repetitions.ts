import type { Offset } from './offset.js';

/** A message that waits for an answer by a callback and has no ref of its own. */
export interface Said {
  /** Of what it says: equal for equal messages. */
  readonly digest: string;
  /** The number of its callback: the client counts them up. */
  readonly ackId: number;
  /** When it came, in monotonic milliseconds. */
  readonly at: number;
}

/** One message, however often it was sent. */
interface Message {
  readonly ref: string;
  /** How often it was sent without the client having the answer. */
  sent: number;
}

/** Equal messages that the client has no answer to yet, in the order in which they were said. */
interface Equals {
  readonly base: string;
  readonly messages: Message[];
  made: number;
  /** When the last one came, and which one is next where another comes right behind it. */
  at: number;
  next: number;
}

/** Of the last message whose answer the client has. */
interface Answered extends Said {
  readonly ref: string;
}

/**
 * Tells a message that is sent again from the same words said again, where nothing marks either
 * (docs/decisions/0018 and 0038), by giving each message a ref that its repetitions get, too.
 */
export class Repetitions {
  private readonly unanswered = new Map<string, Equals>();
  /** What the client asked last, and how often in a row. */
  private last: { readonly digest: string; times: number } | null = null;
  private answered: Answered | null = null;

  /**
   * @param chain the same over all reconnects of one client
   * @param apartMs what comes no later than so long behind its equal was not sent because its answer
   *   did not come
   */
  constructor(
    private readonly chain: string,
    private readonly offset: Offset,
    private readonly apartMs: () => number,
  ) {}

  /** Something came for which no callback waits: a client that repeats gives each a callback. */
  sawPlain(): void {
    this.trust();
  }

  /** Something came for which a callback waits. */
  sawAsked(digest: string): void {
    if (!this.offset.isDoubted) return;
    if (this.last?.digest === digest) {
      this.last.times++;
      return;
    }
    // Who takes an answer for a failure sends everything more than once.
    if (this.last?.times === 1) this.trust();
    else this.last = { digest, times: 1 };
  }

  /** @returns a ref that a repetition gets again */
  refFor(said: Said): string {
    const { digest, at } = said;
    const equals = this.unanswered.get(digest) ?? this.begin(said);
    if (equals.next > 0 && at - equals.at > this.apartMs()) equals.next = 0;
    else if (equals.next > 0) this.trust();
    const message = equals.messages[equals.next] ?? make(equals);
    equals.at = at;
    equals.next++;
    message.sent++;
    return message.ref;
  }

  /** The answer goes out. @returns what it means that the client has it */
  answer(digest: string, ref: string, ackId: number): (at: number) => void {
    return (at) => {
      if (this.offset.isDoubted) this.answered = { digest, ref, ackId, at };
      const equals = this.unanswered.get(digest);
      const place = equals?.messages.findIndex((one) => one.ref === ref) ?? -1;
      const message = equals?.messages[place];
      if (equals === undefined || message === undefined || --message.sent > 0) return;
      equals.messages.splice(place, 1);
      if (place < equals.next) equals.next--;
      if (equals.messages.length === 0) this.unanswered.delete(digest);
    };
  }

  private begin(said: Said): Equals {
    const base = `${this.chain}.${this.offset.answered}.${said.digest}`;
    const equals: Equals = { base, messages: [], made: 0, at: said.at, next: 0 };
    const { answered } = this;
    if (answered !== null && this.isTakenForFailure(said, answered)) {
      equals.messages.push({ ref: answered.ref, sent: 0 });
    }
    this.unanswered.set(said.digest, equals);
    return equals;
  }

  /**
   * With `retries` and no `ackTimeout` the client takes each answer for a failure, and sends the
   * message again at once.
   */
  private isTakenForFailure({ digest, ackId, at }: Said, answered: Answered): boolean {
    return (
      this.offset.isDoubted &&
      digest === answered.digest &&
      ackId === answered.ackId + 1 &&
      at - answered.at <= this.apartMs()
    );
  }

  private trust(): void {
    if (this.offset.isDoubted) this.offset.trust();
    this.last = null;
    this.answered = null;
  }
}

function make(equals: Equals): Message {
  const ref = equals.made === 0 ? equals.base : `${equals.base}.${equals.made}`;
  const message = { ref, sent: 0 };
  equals.made++;
  equals.messages.push(message);
  return message;
}
