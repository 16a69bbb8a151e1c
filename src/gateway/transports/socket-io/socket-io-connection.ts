import { type EntryFrame, FrameType, type RejectFrame } from '@parley/protocol';
import { createHash } from 'node:crypto';
import type { Identity } from '../../../auth/identity.js';
import type { Command } from '../../wire/command.js';
import { LOBBY } from '../../../chat/conversations/lobby.js';
import { Refusal } from '../../../kernel/refusal.js';
import { refOf, UnreadableFrame } from '../../wire/unreadable-frame.js';
import { Connection } from '../../connections/connection.js';
import type { Told } from '../../wire/queued-frame.js';
import type { EncodedFrame } from '../../wire/encoded-frame.js';
import type { OutgoingFrame, PeopleFrame } from '../../wire/frames.js';
import type { Offset } from './offset.js';
import {
  ackIdOf,
  type ClientEvent,
  encodeAck,
  encodeOffset,
  extendOffset,
  isEntry,
  type PacketFormat,
} from './packet-format.js';
import { Repetitions } from './repetitions.js';
import type { SocketIoChannel } from './socket-io-channel.js';

type PrivateEntry = EntryFrame & { readonly to: string };

/** What a connection of this transport knows of its client. */
export interface Client {
  readonly identity: Identity;
  readonly address: string;
  /** The same over all reconnects of one client. */
  readonly chain: string;
  readonly offset: Offset;
  /** The client asks for what it missed, or is about to be brought it. */
  readonly resumes: boolean;
}

/** What the transport provides to each of its connections. */
export interface Surroundings {
  readonly format: PacketFormat;
  readonly gather: (connection: Connection) => void;
}

/** A callback that waits for its answer. */
interface Callback {
  readonly ackId: number;
  /** The type of its frame; null where that could not be read. */
  readonly type: number | null;
  /** The frame's body, or the error with which it could not be read. */
  readonly subject: unknown;
  /**
   * Where its ref was made here: called when the client has the answer; the offset says so as well.
   */
  readonly heard: ((at: number) => void) | null;
}

/** Types of frames that are answered by an Ack. */
const STORED_TYPES: ReadonlySet<number> = new Set([
  ...[FrameType.GroupChat, FrameType.SingleChat, FrameType.Edit, FrameType.Deletion],
  ...[FrameType.Reaction, FrameType.Pin, FrameType.Join, FrameType.Part],
]);

/** Replaces the ref of a callback whose frame has no valid one. */
const NO_REF = '';

/**
 * Over a WebSocket, what a client sends twice without waiting comes together; by requests, each of
 * which waits for the one before, it does not. No client has an answer time-out this short.
 */
const APART_MS = { webSocket: 50, polling: 1_000 };

/**
 * A connection whose client uses callbacks and brings back offsets. Answers go to the waiting
 * callback, and each message carries the client's position once it has it.
 *
 * Where it differs from other connections:
 * - `decode` makes a ref for a callback's frame that has none
 * - `send`, `refuse`, `sendList`: to the waiting callback, if there is one
 * - `encode`, `encodeShared`, `deliver`: the offset behind each message
 * - `standsAt`: where the offset begins in a room that it joins
 * - `tailor`: bytes of its own in place of the room's, where it said something itself (its format does
 *   not echo) or its offset names other conversations
 */
export class SocketIoConnection extends Connection {
  /**
   * By the ref that the answer will carry; {@link NO_REF} where it will be a Reject without one.
   */
  private readonly callbacks = new Map<string, Callback[]>();
  private readonly repetitions: Repetitions;
  private readonly offset: Offset;

  constructor(
    id: string,
    who: Client,
    private readonly client: SocketIoChannel,
    private readonly around: Surroundings,
  ) {
    const { identity, address, resumes } = who;
    super(id, identity, address, around.format, client, resumes, around.gather);
    this.offset = who.offset;
    const apartMs = (): number => (client.isPolling ? APART_MS.polling : APART_MS.webSocket);
    this.repetitions = new Repetitions(who.chain, who.offset, apartMs);
  }

  override decode(text: string): Command {
    const at = this.client.pongs.takeFrame();
    const { command, ackId } = this.read(text);
    if (ackId === null) {
      this.repetitions.sawPlain();
      return command;
    }
    const { type, body } = command;
    const digest = digestOf(command);
    this.repetitions.sawAsked(digest);
    if (body['ref'] !== undefined) {
      this.expect(refOf(body) ?? NO_REF, { ackId, type, subject: body, heard: null });
      return command;
    }
    const ref = this.repetitions.refFor({ digest, ackId, at });
    const heard = this.repetitions.answer(digest, ref, ackId);
    const withRef = { ...body, ref };
    this.expect(ref, { ackId, type, subject: withRef, heard });
    return { type, body: withRef };
  }

  override send(frame: OutgoingFrame): void {
    const ref = 'ref' in frame ? frame.ref : undefined;
    const callback = ref === undefined ? null : this.take(ref, (one) => answers(frame, one));
    if (callback === null) super.send(frame);
    else this.answer(callback, encodeAck(callback.ackId, answerOf(frame)));
  }

  /** A callback that never came would look like a loss, and be kept for as long as the connection. */
  override carriedOut(type: number, ref: string | null): void {
    const callback = ref === null ? null : this.take(ref, (one) => one.type === type);
    if (callback !== null) this.answer(callback, encodeAck(callback.ackId, {}));
  }

  override refuse(frame: RejectFrame, subject: unknown): void {
    if (subject === null) {
      this.send(frame);
      return;
    }
    const callback = this.take(frame.ref ?? NO_REF, (one) => one.subject === subject);
    if (callback === null) super.send(frame);
    else this.answer(callback, encodeAck(callback.ackId, answerOf(frame)));
  }

  override sendList(encoded: EncodedFrame, frame: PeopleFrame, ref: string | null): number {
    const callback = ref === null ? null : this.take(ref, (one) => answers(frame, one));
    if (callback === null) return super.sendList(encoded, frame, ref);
    const bytes = this.around.format.encodeListAck(callback.ackId, frame);
    this.answer(callback, bytes);
    return bytes.length;
  }

  /** A message of the log, as a Sync brings it. */
  override encode(frame: OutgoingFrame): Buffer {
    if (!isEntry(frame)) return super.encode(frame);
    if (isPrivate(frame)) return this.seal(frame, super.encode(frame));
    this.offset.reach(frame.room, frame.seq);
    return extendOffset(super.encode(frame), this.offset.besides(frame.room));
  }

  override encodeShared({ frame }: EncodedFrame): Buffer {
    return this.encode(frame);
  }

  override deliver(encoded: EncodedFrame): void {
    const { frame } = encoded;
    const bytes = encoded.in(this.format);
    if (isEntry(frame) && isPrivate(frame)) this.enqueue(() => this.seal(frame, bytes));
    else this.enqueue(bytes);
  }

  override standsAt(room: string, seq: number): void {
    // Until it is brought what it missed, its position is that of its offset. What an id says of the
    // rooms in which nobody says anything would make each offset longer.
    if (!this.resumes && (room === LOBBY || this.offset.room(room) !== undefined)) {
      this.offset.reach(room, seq);
    }
  }

  override roomRenamed(from: string, to: string): void {
    this.offset.rename(from, to);
  }

  override partedFrom(room: string): void {
    this.offset.forget(room);
  }

  override tailor({ room, head, frames, said }: Told): Buffer | null {
    const others = this.offset.besides(room);
    this.offset.reach(room, head);
    if (!said && others === '') return null;
    const pieces = frames
      .filter((frame) => frame.origin !== this.id)
      .map(({ bytes, weight }) => (weight === 'message' ? extendOffset(bytes, others) : bytes));
    // It is not sent its own message again, but its position includes it.
    if (said) pieces.push(this.standing());
    const bytes = Buffer.concat(pieces);
    this.countOwn(bytes.length);
    return bytes;
  }

  /** The client's position once everything written before has arrived. */
  standing(): Buffer {
    return encodeOffset(this.offset.toString());
  }

  /** A refusal goes to the waiting callback, if any, and needs no ref there. */
  private read(text: string): ClientEvent {
    try {
      return this.around.format.read(text);
    } catch (error) {
      const ackId = ackIdOf(text);
      if (ackId === null || !(error instanceof Refusal)) throw error;
      const refusal = new UnreadableFrame(error.code, error.details, null);
      this.expect(NO_REF, { ackId, type: null, subject: refusal, heard: null });
      throw refusal;
    }
  }

  private seal(frame: PrivateEntry, bytes: Buffer): Buffer {
    const { user, to, seq } = frame;
    this.offset.pass(user.id === this.person.id ? to : user.username, seq);
    return extendOffset(bytes, this.offset.toString());
  }

  /**
   * Sent with the answer, and after it: a client that knows of it has the answer. The ping before
   * them is answered before the client acts on the answer; whatever is retried before the pong was
   * retried without it.
   */
  private countAnswer(heard: (at: number) => void, answer: Buffer): Buffer {
    const ping = this.client.expectPong(heard);
    this.offset.answer();
    return Buffer.concat([ping, answer, this.standing()]);
  }

  private answer({ heard }: Callback, bytes: Buffer): void {
    this.enqueue(heard === null ? bytes : () => this.countAnswer(heard, bytes));
  }

  private expect(ref: string, callback: Callback): void {
    const same = this.callbacks.get(ref);
    if (same === undefined) this.callbacks.set(ref, [callback]);
    else same.push(callback);
  }

  /** @returns the longest-waiting callback with that ref that the answer fits */
  private take(ref: string, isFor: (callback: Callback) => boolean): Callback | null {
    const same = this.callbacks.get(ref) ?? [];
    const at = same.findIndex(isFor);
    const [callback] = at < 0 ? [] : same.splice(at, 1);
    if (same.length === 0) this.callbacks.delete(ref);
    return callback ?? null;
  }
}

/** Whether the frame can answer a callback: frames with one ref may be of several types. */
function answers(frame: OutgoingFrame, { type }: Callback): boolean {
  const isOfMessage = frame.type === FrameType.Ack || frame.type === FrameType.Reject;
  if (!isOfMessage) return type === frame.type;
  return type !== null && STORED_TYPES.has(type);
}

function isPrivate(frame: EntryFrame): frame is PrivateEntry {
  return 'to' in frame;
}

function digestOf({ type, body }: Command): string {
  const { to, room, data, ...others } = body;
  // A message has no others: what was derived from one before stays the same.
  const rest = Object.keys(others).length === 0 ? [] : [others];
  const said = JSON.stringify([type, to, room, data, ...rest]);
  return createHash('sha256').update(said).digest('base64url').slice(0, 22);
}

/** A callback knows what it was for: no type, ref or recipient. */
function answerOf(frame: OutgoingFrame): object {
  if (frame.type === FrameType.Ack) return { id: frame.id, seq: frame.seq, time: frame.time };
  const { type: _type, ...fields } = frame;
  return 'ref' in fields ? withoutRef(fields) : fields;
}

function withoutRef({ ref: _ref, ...fields }: { readonly ref?: string }): object {
  return fields;
}
