import type { RejectFrame } from '@parley/protocol';
import type { Identity } from '../../auth/identity.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Person } from '../../kernel/person.js';
import type { Channel } from '../wire/channel.js';
import { type CloseFrame, DO_NOT_RECONNECT } from '../wire/close-codes.js';
import type { Command } from '../wire/command.js';
import type { WireFormat } from '../wire/wire-format.js';
import type { EncodedFrame } from '../wire/encoded-frame.js';
import type { OutgoingFrame, PeopleFrame } from '../wire/frames.js';
import type { Told, Waiting } from '../wire/queued-frame.js';
import type { FrameReceiver } from './frame-receiver.js';
import { LiveCursors } from './live-cursors.js';
import { PendingWrites } from './pending-writes.js';

/**
 * One open socket of one person, on any transport. Outgoing frames are batched by the hub, and
 * written once per turn.
 */
export class Connection {
  /** What it may be told live, by conversation. */
  readonly cursors = new LiveCursors();
  /** What the hub's next flush writes. */
  readonly pending = new PendingWrites();
  private isOpen = true;
  private endedWith: number | null = null;
  /** Bytes written to it alone, not shared with its rooms, since its socket was last empty. */
  private ownBytes = 0;
  /** The rooms whose live events it gets, or will get once its cursor is live. */
  private inRooms: ConversationKey[] | null = null;
  private receiver: FrameReceiver | null = null;
  private introduced: Promise<void> = Promise.resolve();
  private whenGone: (() => void) | null = null;
  private lacksOlder = false;
  private hasArrived = false;

  constructor(
    readonly id: string,
    private who: Identity,
    readonly address: string,
    readonly format: WireFormat,
    readonly channel: Channel,
    private willResume: boolean,
    private readonly gather: (connection: Connection) => void,
  ) {}

  /** As of its latest token. */
  get identity(): Identity {
    return this.who;
  }

  get person(): Person {
    return this.who.user;
  }

  /** False from the first close on; closing again does nothing. */
  get open(): boolean {
    return this.isOpen;
  }

  /** The close code of this side; null while there is none. */
  get closedWith(): number | null {
    return this.endedWith;
  }

  /** Rooms that it is in. */
  get rooms(): readonly ConversationKey[] {
    return this.inRooms ?? [];
  }

  /** The client said that it asks for what it missed by itself, and has not had all of it yet. */
  get resumes(): boolean {
    return this.willResume;
  }

  /**
   * Private conversations with something undelivered were left for the next Sync, or reconnect:
   * live events may overtake older messages, and must not count as delivered.
   */
  get hasMore(): boolean {
    return this.lacksOlder;
  }

  /** Resolves when the person is announced and has what came meanwhile. Never rejects. */
  get ready(): Promise<void> {
    return this.introduced;
  }

  /** Bytes of the client's frames waiting to be handled. */
  get unhandledBytes(): number {
    return this.receiver?.waitingBytes ?? 0;
  }

  /** @returns whether it is for the first time */
  arrive(): boolean {
    const isFirst = !this.hasArrived;
    this.hasArrived = true;
    return isFirst;
  }

  /** The person has brought a new token. */
  renew(identity: Identity): void {
    this.who = identity;
  }

  /** Sets where the client's frames go. */
  receiveWith(receiver: FrameReceiver): void {
    this.receiver = receiver;
  }

  /** The transport received a frame. */
  receive(text: string): void {
    this.receiver?.receive(text);
  }

  /** @param tell called once, when the socket is gone */
  onGone(tell: () => void): void {
    this.whenGone = tell;
  }

  /** The client's frames wait for this step, and for the steps before it. Must not reject. */
  introduce(step: () => Promise<void>): void {
    this.introduced = this.introduced.then(step);
  }

  /** The client has caught up. @param more there is more than could be brought */
  broughtMissed(more: boolean): void {
    this.lacksOlder = more;
  }

  /** The client goes on asking for what it missed only where there was more. */
  caughtUp(more: boolean): void {
    this.willResume = more;
  }

  isIn(key: ConversationKey): boolean {
    return this.inRooms?.includes(key) === true;
  }

  enterRoom(key: ConversationKey): void {
    if (this.isIn(key)) return;
    this.inRooms ??= [];
    this.inRooms.push(key);
  }

  leaveRoom(key: ConversationKey): void {
    this.inRooms = this.rooms.filter((other) => other !== key);
  }

  leaveRooms(): readonly ConversationKey[] {
    const left = this.rooms;
    this.inRooms = null;
    return left;
  }

  /** A room that it is in has another name from here on. */
  roomRenamed(_from: string, _to: string): void {
    // Only clients that bring back an offset are told their position.
  }

  /** It has been sent everything of the room that it ever will. */
  partedFrom(_room: string): void {
    // Only clients that bring back an offset are told their position.
  }

  /** It has, or is about to be sent, everything of the room up to that number. */
  standsAt(_room: string, _seq: number): void {
    // Only clients that bring back an offset are told their position.
  }

  /** @throws Refusal where the text is no frame */
  decode(text: string): Command {
    return this.format.decode(text);
  }

  encode(frame: OutgoingFrame): Buffer {
    return this.format.encode(frame);
  }

  /** A message of the log, which others are sent as well. */
  encodeShared(frame: EncodedFrame): Buffer {
    return frame.in(this.format);
  }

  /** An answer, or another frame for this connection alone. */
  send(frame: OutgoingFrame): void {
    this.enqueue(this.encode(frame));
  }

  /**
   * A frame to which there is no answer has been carried out.
   * @param _ref that of the frame
   */
  carriedOut(_type: number, _ref: string | null): void {
    // Only clients that give callbacks wait for a word.
  }

  /**
   * Refuses a frame.
   * @param _subject what is refused: the frame's body, or the error with which it could not be
   *   read; null for a handled message that could not be stored
   */
  refuse(frame: RejectFrame, _subject: unknown): void {
    this.send(frame);
  }

  /**
   * Answers a request for the list: the same bytes for everybody, but for a ref.
   * @returns bytes
   */
  sendList(encoded: EncodedFrame, frame: PeopleFrame, ref: string | null): number {
    const bytes = ref === null ? encoded.in(this.format) : this.encode({ ...frame, ref });
    this.enqueue(bytes);
    return bytes.length;
  }

  /** A private message, which others are sent as well. */
  deliver(frame: EncodedFrame): void {
    this.enqueue(frame.in(this.format));
  }

  /**
   * What this connection is sent instead of the room's bytes. Only asked where the format does not
   * echo.
   * @returns null for the same bytes as everybody
   */
  tailor(_told: Told): Buffer | null {
    return null;
  }

  /** Writes encoded frames at once, ahead of everything that waits. */
  write(bytes: Buffer): void {
    if (!this.isOpen || bytes.length === 0) return;
    this.ownBytes += bytes.length;
    this.channel.write(bytes);
  }

  /** Counts bytes that are about to be written to no other connection. */
  countOwn(bytes: number): void {
    this.ownBytes += bytes;
  }

  /** How many of the bytes queued in its channel are kept for this connection alone. */
  ownOf(queued: number): number {
    if (queued === 0) this.ownBytes = 0;
    // A closed connection shares nothing new: its queue is its own.
    return this.isOpen ? Math.min(this.ownBytes, queued) : queued;
  }

  /** @param bytes frames in this connection's format */
  enqueue(bytes: Waiting): void {
    if (!this.isOpen) return;
    if (this.pending.add(bytes)) this.gather(this);
  }

  /** Writes what waits for this connection alone, at once. */
  flush(): void {
    const waiting = this.pending.takeOwn();
    if (waiting) this.write(waiting);
  }

  /** Writes what waits, then closes. */
  close(why: CloseFrame): void {
    if (!this.isOpen) return;
    const waiting = this.pending.takeOwn();
    if (waiting) this.channel.write(waiting);
    this.isOpen = false;
    this.endedWith ??= why.code;
    this.channel.close(why);
  }

  /** Closes without writing what waits: its reader is too far behind. */
  closeUnread(why: CloseFrame): void {
    this.pending.drop();
    this.close(why);
  }

  /** Tells the client why its session is over, and closes. */
  end(frame: OutgoingFrame, why: CloseFrame = DO_NOT_RECONNECT.unauthorized): void {
    this.send(frame);
    this.close(why);
  }

  /** The transport's socket failed; `gone` follows. @param code what it answered, if anything */
  broken(code: number | null): void {
    this.isOpen = false;
    this.endedWith ??= code;
  }

  /** The transport's socket is gone. @param code the other side's; 1006: none */
  gone(code = 1006): void {
    this.isOpen = false;
    this.endedWith ??= code;
    this.pending.drop();
    const tell = this.whenGone;
    this.whenGone = null;
    tell?.();
  }
}
