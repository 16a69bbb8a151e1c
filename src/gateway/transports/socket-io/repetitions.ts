import type { Offset } from './offset.js';

/** A message with a callback and without a ref of its own. */
export interface Said {
  /** A digest of its content: equal for equal messages. */
  readonly digest: string;
  /** The number of its callback, which the client counts up. */
  readonly ackId: number;
  /** When it came, in monotonic milliseconds. */
  readonly at: number;
}

/** One message, however often it was sent. */
interface Message {
  readonly ref: string;
  /** How often it was sent before the client had the answer. */
  sent: number;
}

/** Equal messages without an answer so far, in order. */
interface Equals {
  readonly base: string;
  readonly messages: Message[];
  made: number;
  /** When the last one came, and which one is next if another follows at once. */
  at: number;
  next: number;
}

/** The last message whose answer the client has. */
interface Answered extends Said {
  readonly ref: string;
}

/**
 * Deduplication: tells a retry from the same words said again, where nothing marks either
 * (docs/decisions/0018 and 0038), by giving each message a ref that its retries get, too.
 */
export class Repetitions {
  private readonly unanswered = new Map<string, Equals>();
  /** The client's last request, and how often it came in a row. */
  private last: { readonly digest: string; times: number } | null = null;
  private answered: Answered | null = null;

  /**
   * @param chain the same over all reconnects of one client
   * @param apartMs a message that follows its equal within this time was not sent for want of an
   *   answer
   */
  constructor(
    private readonly chain: string,
    private readonly offset: Offset,
    private readonly apartMs: () => number,
  ) {}

  /** A frame without a callback came: a client that retries gives each one a callback. */
  sawPlain(): void {
    this.trust();
  }

  /** A frame with a callback came. */
  sawAsked(digest: string): void {
    if (!this.offset.isDoubted) return;
    if (this.last?.digest === digest) {
      this.last.times++;
      return;
    }
    // A client that takes an answer for a failure sends everything more than once.
    if (this.last?.times === 1) this.trust();
    else this.last = { digest, times: 1 };
  }

  /** @returns a ref that a retry gets again */
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

  /** The answer is sent. @returns called when the client has it */
  answer(digest: string, ref: string, ackId: number): (at: number) => void {
    return (at) => {
      if (this.offset.isDoubted) this.answered = { digest, ref, ackId, at };
      const equals = this.unanswered.get(digest);
      const index = equals?.messages.findIndex((one) => one.ref === ref) ?? -1;
      const message = equals?.messages[index];
      if (equals === undefined || message === undefined || --message.sent > 0) return;
      equals.messages.splice(index, 1);
      if (index < equals.next) equals.next--;
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
   * With `retries` and no `ackTimeout` the client takes each answer for a failure, and retries at
   * once.
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
