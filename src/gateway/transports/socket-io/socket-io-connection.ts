import { type EntryFrame, FrameType, type RejectFrame } from '@parley/protocol';
import { createHash } from 'node:crypto';
import type { Identity } from '../../../auth/identity.js';
import type { Command } from '../../wire/command.js';
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

/** What the transport lends to each of its connections. */
export interface Surroundings {
  readonly format: PacketFormat;
  readonly gather: (connection: Connection) => void;
}

/** A callback that waits for its answer. */
interface Callback {
  readonly ackId: number;
  /** What it was given along with; null where that could not be read. */
  readonly type: number | null;
  /** The body of the frame, or the error that it could not be read with. */
  readonly subject: unknown;
  /**
   * Where its ref was made here: told that the client has the answer, which the offset says as well.
   */
  readonly heard: ((at: number) => void) | null;
}

/** Stands for the ref of a callback whose frame has none that is valid. */
const NO_REF = '';

/**
 * Over a WebSocket, what a client said twice without waiting comes in one go; by requests, of which
 * each waits for the one before, it does not. No client waits for an answer for less.
 */
const APART_MS = { webSocket: 50, polling: 1_000 };

/**
 * A connection whose client gives callbacks and brings back offsets. Answers go to the callback
 * that waits for them, and each message says where the client stands when it has it.
 */
export class SocketIoConnection extends Connection {
  /** By the ref that the answer will carry; {@link NO_REF} where it will be a Reject without one. */
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
    // Who is about to be brought what was missed stands where its offset says until then.
    if (!this.resumes) this.offset.reach(room, seq);
  }

  override tailor({ room, head, frames, said }: Told): Buffer | null {
    const others = this.offset.besides(room);
    this.offset.reach(room, head);
    if (!said && others === '') return null;
    const pieces = frames
      .filter((frame) => frame.origin !== this.id)
      .map(({ bytes, weight }) => (weight === 'message' ? extendOffset(bytes, others) : bytes));
    // What it said itself is not told again, but counts as known.
    if (said) pieces.push(this.standing());
    const bytes = Buffer.concat(pieces);
    this.countOwn(bytes.length);
    return bytes;
  }

  /** Where the client stands when all that was written before has come. */
  standing(): Buffer {
    return encodeOffset(this.offset.toString());
  }

  /** Where a callback waits, the refusal goes to it, and needs no ref. */
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
   * Told when it is written, and behind the answer: a client that knows of it has the answer. The
   * ping in front is answered before the client acts on the answer; what is repeated before the
   * pong was repeated without it.
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

  /** @returns of those with that ref the one that has waited longest of all that it is for */
  private take(ref: string, isFor: (callback: Callback) => boolean): Callback | null {
    const same = this.callbacks.get(ref) ?? [];
    const at = same.findIndex(isFor);
    const [callback] = at < 0 ? [] : same.splice(at, 1);
    if (same.length === 0) this.callbacks.delete(ref);
    return callback ?? null;
  }
}

/** Whether the frame can be what a callback waits for: what bears one ref need not be of one kind. */
function answers(frame: OutgoingFrame, { type }: Callback): boolean {
  const isOfMessage = frame.type === FrameType.Ack || frame.type === FrameType.Reject;
  if (!isOfMessage) return type === frame.type;
  return type === FrameType.GroupChat || type === FrameType.SingleChat;
}

function isPrivate(frame: EntryFrame): frame is PrivateEntry {
  return 'to' in frame;
}

function digestOf({ type, body }: Command): string {
  const said = JSON.stringify([type, body['to'], body['room'], body['data']]);
  return createHash('sha256').update(said).digest('base64url').slice(0, 22);
}

/** A callback knows what it was for: no type, no ref, no destination. */
function answerOf(frame: OutgoingFrame): object {
  if (frame.type === FrameType.Ack) return { id: frame.id, seq: frame.seq, time: frame.time };
  const { type: _type, ...fields } = frame;
  return 'ref' in fields ? withoutRef(fields) : fields;
}

function withoutRef({ ref: _ref, ...fields }: { readonly ref?: string }): object {
  return fields;
}
