import type { Identity } from '../../auth/identity.js';
import type { ConversationKey } from '../../chat/conversations/conversation.js';
import type { Person } from '../../kernel/person.js';
import type { Channel } from '../wire/channel.js';
import { type CloseFrame, DO_NOT_RECONNECT } from '../wire/close-codes.js';
import type { Command } from '../wire/command.js';
import type { WireFormat } from '../wire/wire-format.js';
import type { EncodedFrame } from '../wire/encoded-frame.js';
import type { OutgoingFrame, PeopleFrame } from '../wire/frames.js';
import type { QueuedFrame } from '../wire/queued-frame.js';
import type { Withheld } from './withheld.js';

/** Takes the frames of one client in the order in which they come. */
export interface FrameReceiver {
  receive(text: string): void;
  /** Bytes of the frames that wait to be handled. */
  readonly waitingBytes: number;
}

/** Encoded frames, or what makes them when they are written. */
export type Waiting = Buffer | (() => Buffer);

/**
 * One open socket of one person, whatever the transport. What is sent here is gathered by the hub
 * and written once per turn.
 */
export class Connection {
  /** Encoded frames for this connection alone, waiting for the hub's next flush. */
  outbox: Waiting[] | null = null;
  /**
   * Bytes that were written to this connection alone, since nothing waited for it when that was last
   * looked at: what it does not share with its room.
   */
  ownBytes = 0;
  /** Where it stands among the members of the room; -1 where it is not one. */
  memberIndex = -1;
  /** Conversations whose live events are held back while a Sync catches up. */
  held: Set<ConversationKey> | null = null;
  /** Up to where a Sync has brought conversations: live events up to there were sent. */
  floors: Map<ConversationKey, number> | null = null;
  /** What was said to it in private before it was brought what it missed; null from then on. */
  withheld: Withheld | null = null;
  /** Private conversations with something undelivered were left for the next Sync, or return. */
  hasMore = false;
  /** Ends on the first close; further ones do nothing. */
  open = true;
  /** The code that it was closed with; null while nobody has said one. */
  closedWith: number | null = null;
  /** Where the transport brings the client's frames. */
  inbox: FrameReceiver | null = null;
  /** Resolves when the person is announced and has what came in the meantime. Never rejects. */
  ready: Promise<void> = Promise.resolve();
  /** Told once, when the socket is gone. */
  onGone: (() => void) | null = null;

  constructor(
    readonly id: string,
    public identity: Identity,
    readonly address: string,
    readonly format: WireFormat,
    readonly channel: Channel,
    /** The client said that it asks for what it missed by itself, and has not done so yet. */
    public resumes: boolean,
    private readonly gather: (connection: Connection) => void,
  ) {}

  get person(): Person {
    return this.identity.user;
  }

  /** @throws Refusal where the text is no frame */
  decode(text: string): Command {
    return this.format.decode(text);
  }

  encode(frame: OutgoingFrame): Buffer {
    return this.format.encode(frame);
  }

  /** A message of the log that others are brought, too. */
  encodeShared(frame: EncodedFrame): Buffer {
    return frame.in(this.format);
  }

  /** An answer, or something else for this connection alone. */
  send(frame: OutgoingFrame): void {
    this.enqueue(this.encode(frame));
  }

  /**
   * The answer to who asked for the list: the same bytes for all of them, but for a ref.
   * @returns bytes
   */
  sendList(encoded: EncodedFrame, frame: PeopleFrame, ref: string | null): number {
    const bytes = ref === null ? encoded.in(this.format) : this.encode({ ...frame, ref });
    this.enqueue(bytes);
    return bytes.length;
  }

  /** A private message, which goes to others, too. */
  deliver(frame: EncodedFrame): void {
    this.enqueue(frame.in(this.format));
  }

  /**
   * What this connection is told in place of what its room is told. Only asked where the format
   * does not echo.
   * @param said whether one of the parts was said on this connection
   * @returns null for the same as the others
   */
  tailor(_parts: readonly QueuedFrame[], _said: boolean): Buffer | null {
    return null;
  }

  /** Writes encoded frames at once, ahead of everything that waits. */
  write(bytes: Buffer): void {
    if (!this.open || bytes.length === 0) return;
    this.ownBytes += bytes.length;
    this.channel.write(bytes);
  }

  /** @param bytes frames in this connection's format */
  enqueue(bytes: Waiting): void {
    if (!this.open) return;
    if (this.outbox !== null) {
      this.outbox.push(bytes);
      return;
    }
    this.outbox = [bytes];
    this.gather(this);
  }

  /** Writes what waits, then closes. */
  close(why: CloseFrame): void {
    if (!this.open) return;
    const waiting = this.takeOutbox();
    if (waiting) this.channel.write(waiting);
    this.open = false;
    this.closedWith ??= why.code;
    this.channel.close(why);
  }

  /** Tells the client why its session is over, and closes. */
  end(frame: OutgoingFrame, why: CloseFrame = DO_NOT_RECONNECT.unauthorized): void {
    this.send(frame);
    this.close(why);
  }

  /** The transport's socket is gone. @param code what the other side said; 1006: nothing */
  gone(code = 1006): void {
    this.open = false;
    this.closedWith ??= code;
    this.outbox = null;
    const tell = this.onGone;
    this.onGone = null;
    tell?.();
  }

  /** What waits for this connection, joined; null where nothing does. */
  takeOutbox(): Buffer | null {
    const waiting = this.outbox;
    if (waiting === null) return null;
    this.outbox = null;
    const parts = waiting.map((one) => (typeof one === 'function' ? one() : one));
    const [first] = parts;
    return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  }
}
