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
import type { SharedBytes, Told, Waiting } from '../wire/queued-frame.js';
import { LiveCursors } from './live-cursors.js';

/** Takes the frames of one client in the order in which they come. */
export interface FrameReceiver {
  receive(text: string): void;
  /** Bytes of the frames that wait to be handled. */
  readonly waitingBytes: number;
}

/**
 * One open socket of one person, whatever the transport. What is sent here is gathered by the hub
 * and written once per turn.
 */
export class Connection {
  /** What it may be told live, by conversation. */
  readonly cursors = new LiveCursors();
  private isOpen = true;
  private endedWith: number | null = null;
  /** Encoded frames for this connection alone, waiting for the hub's next flush. */
  private outbox: Waiting[] | null = null;
  /** What rooms say to it with the next flush: nearly always one room. */
  private shared: SharedBytes | SharedBytes[] | null = null;
  /** Bytes written to this connection alone since nothing waited for it: not shared with its rooms. */
  private ownBytes = 0;
  /** The rooms whose live events it gets, or will get when its cursor is live again. */
  private inRooms: ConversationKey[] | null = null;
  private receiver: FrameReceiver | null = null;
  private introduced: Promise<void> = Promise.resolve();
  private whenGone: (() => void) | null = null;
  private lacksOlder = false;

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

  /** Ends on the first close; further ones do nothing. */
  get open(): boolean {
    return this.isOpen;
  }

  /** The code that it was closed with; null while nobody has said one. */
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
   * Private conversations with something undelivered were left for the next Sync, or return: what is
   * told live may come before older messages, and must not count as delivered.
   */
  get hasMore(): boolean {
    return this.lacksOlder;
  }

  /** Resolves when the person is announced and has what came in the meantime. Never rejects. */
  get ready(): Promise<void> {
    return this.introduced;
  }

  /** Bytes of the client's frames that wait to be handled. */
  get unhandledBytes(): number {
    return this.receiver?.waitingBytes ?? 0;
  }

  /** Something of its own waits to be written. */
  get hasWaiting(): boolean {
    return this.outbox !== null;
  }

  /** The person has brought a fresh token. */
  renew(identity: Identity): void {
    this.who = identity;
  }

  /** Where the client's frames go. */
  receiveWith(receiver: FrameReceiver): void {
    this.receiver = receiver;
  }

  /** The transport has a frame of the client. */
  receive(text: string): void {
    this.receiver?.receive(text);
  }

  /** @param tell called once, when the socket is gone */
  onGone(tell: () => void): void {
    this.whenGone = tell;
  }

  /** Frames of the client wait for this, and for what was to be done before. Must not reject. */
  introduce(step: () => Promise<void>): void {
    this.introduced = this.introduced.then(step);
  }

  /** The client has been brought what it missed. @param more there is more than could be brought */
  broughtMissed(more: boolean): void {
    this.lacksOlder = more;
  }

  /** It goes on asking for what it missed only where there was more. */
  caughtUp(more: boolean): void {
    this.willResume = more;
  }

  enterRoom(key: ConversationKey): void {
    this.inRooms ??= [];
    if (!this.inRooms.includes(key)) this.inRooms.push(key);
  }

  leaveRooms(): readonly ConversationKey[] {
    const left = this.rooms;
    this.inRooms = null;
    return left;
  }

  /** It has had, or is about to be told, everything of the room up to that number. */
  standsAt(_room: string, _seq: number): void {
    // Only clients that bring back an offset are told where they stand.
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
   * A frame to which there is no answer has been carried out.
   * @param _ref that of the frame
   */
  carriedOut(_type: number, _ref: string | null): void {
    // Only clients that give callbacks wait for a word.
  }

  /**
   * Refuses a frame.
   * @param _subject what is refused: the body of the frame, or the error that it could not be read with;
   *   null for a message that was handled and could not be stored
   */
  refuse(frame: RejectFrame, _subject: unknown): void {
    this.send(frame);
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
   * @returns null for the same as the others
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

  /** Bytes are about to be written that no other connection is written. */
  countOwn(bytes: number): void {
    this.ownBytes += bytes;
  }

  /** Of what waits in its channel, the bytes that are kept for this connection alone. */
  ownOf(queued: number): number {
    if (queued === 0) this.ownBytes = 0;
    // Who is closed is told nothing more: what waits for it grows old alone.
    return this.isOpen ? Math.min(this.ownBytes, queued) : queued;
  }

  /** @param bytes frames in this connection's format */
  enqueue(bytes: Waiting): void {
    if (!this.isOpen) return;
    if (this.outbox !== null) {
      this.outbox.push(bytes);
      return;
    }
    this.outbox = [bytes];
    this.gather(this);
  }

  /** Writes what waits for this connection alone, at once. */
  flush(): void {
    const waiting = this.takeOutbox();
    if (waiting) this.write(waiting);
  }

  /**
   * A room has something for it with this flush.
   * @returns whether it is the first room that has
   */
  share(bytes: SharedBytes): boolean {
    const { shared } = this;
    if (shared === null) {
      this.shared = bytes;
      return true;
    }
    if (Array.isArray(shared)) shared.push(bytes);
    else this.shared = [shared, bytes];
    return false;
  }

  /** What rooms have for it: one thing, several, or nothing. */
  takeShared(): SharedBytes | readonly SharedBytes[] | null {
    const { shared } = this;
    this.shared = null;
    return shared;
  }

  /** What waits for this connection alone, joined; null where nothing does. */
  takeOutbox(): Buffer | null {
    const waiting = this.outbox;
    if (waiting === null) return null;
    this.outbox = null;
    const parts = waiting.map((one) => (typeof one === 'function' ? one() : one));
    const [first] = parts;
    return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  }

  /** Writes what waits, then closes. */
  close(why: CloseFrame): void {
    if (!this.isOpen) return;
    const waiting = this.takeOutbox();
    if (waiting) this.channel.write(waiting);
    this.isOpen = false;
    this.endedWith ??= why.code;
    this.channel.close(why);
  }

  /** Closes without what waits: its reader has not taken what was written before. */
  closeUnread(why: CloseFrame): void {
    this.outbox = null;
    this.close(why);
  }

  /** Tells the client why its session is over, and closes. */
  end(frame: OutgoingFrame, why: CloseFrame = DO_NOT_RECONNECT.unauthorized): void {
    this.send(frame);
    this.close(why);
  }

  /** The transport found its socket broken; `gone` follows. @param code what it answered, if anything */
  broken(code: number | null): void {
    this.isOpen = false;
    this.endedWith ??= code;
  }

  /** The transport's socket is gone. @param code what the other side said; 1006: nothing */
  gone(code = 1006): void {
    this.isOpen = false;
    this.endedWith ??= code;
    this.outbox = null;
    this.shared = null;
    const tell = this.whenGone;
    this.whenGone = null;
    tell?.();
  }
}
