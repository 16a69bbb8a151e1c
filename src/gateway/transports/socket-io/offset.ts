import { LOBBY } from '../../../chat/conversations/lobby.js';

/** Most positions of each kind in an offset; beyond that the oldest are dropped. */
const MOST_OF_A_KIND = 100;
const LONGEST = 16_384;
/** `lobby=` in offsets made before rooms were named in them. */
const BARE_FIELD = /^(\d{1,15})$/;
const ROOM_FIELD = /^(\d{1,15})=(.{1,400})$/;
const DIRECT_FIELD = /^(\d{1,15})@(.{1,400})$/;
const ANSWERED_FIELD = /^(\d{1,15})#(\??)$/;

/**
 * A client's position, as text that it brings back when it reconnects, to any node and after any
 * time: `151=lobby;7@bob;3#` has the lobby up to 151, the conversation with bob up to 7, and the
 * answers to its first three callbacks. `3#?`: whether the client takes an answer for one is not
 * known yet.
 */
export class Offset {
  private readonly rooms = new Map<string, number>();
  private directs = new Map<string, number>();
  private count = 0;
  private doubted = true;
  /** What follows the rooms. */
  private tail = '';

  /** @returns null where it is none of ours */
  static parse(text: unknown): Offset | null {
    if (typeof text !== 'string' || text.length > LONGEST) return null;
    const fields = text.split(';');
    const bare = BARE_FIELD.exec(fields[0] ?? '')?.[1];
    const rooms = parsePositions(fields, ROOM_FIELD);
    const directs = parseDirects(fields);
    if (rooms === null || directs === null) return null;
    if (bare !== undefined) rooms.set(LOBBY, Number(bare));
    const answers = fields.map((one) => ANSWERED_FIELD.exec(one)).find(Boolean);
    if (rooms.size + directs.size === 0 && !answers) return null;
    const offset = new Offset();
    for (const [room, seq] of rooms) offset.reach(room, seq);
    offset.directs = new Map([...directs].slice(-MOST_OF_A_KIND));
    const [, answered = '0', doubt = '?'] = answers ?? [];
    offset.count = Number(answered);
    offset.doubted = doubt === '?';
    offset.refresh();
    return offset;
  }

  /** Callbacks that were answered. */
  get answered(): number {
    return this.count;
  }

  /** Whether the client may be one that retries what was answered. */
  get isDoubted(): boolean {
    return this.doubted;
  }

  /** This client does not resend what was answered. */
  trust(): void {
    this.doubted = false;
    this.refresh();
  }

  room(name: string): number | undefined {
    return this.rooms.get(name);
  }

  direct(name: string): number | undefined {
    return this.directs.get(name);
  }

  /** The room was sent up to there. */
  reach(room: string, seq: number): void {
    this.rooms.set(room, seq);
    if (this.rooms.size > MOST_OF_A_KIND) dropFirst(this.rooms);
  }

  /** The rooms that it names, and up to where each was sent. */
  get roomPositions(): Iterable<readonly [name: string, seq: number]> {
    return this.rooms;
  }

  /** The room has another name from here on. */
  rename(from: string, to: string): void {
    const seq = this.rooms.get(from);
    if (seq === undefined || from === to) return;
    this.rooms.delete(from);
    this.rooms.set(to, Math.max(seq, this.rooms.get(to) ?? 0));
  }

  /** Nothing more of the room will be sent. */
  forget(room: string): void {
    this.rooms.delete(room);
  }

  /** The conversation with that person was sent up to there. */
  pass(name: string, seq: number): void {
    this.directs.delete(name);
    this.directs.set(name, seq);
    if (this.directs.size > MOST_OF_A_KIND) dropFirst(this.directs);
    this.refresh();
  }

  /** One more callback was answered. */
  answer(): void {
    this.count++;
    this.refresh();
  }

  /** The offset without that room, to be appended to it; empty where there is nothing else. */
  besides(room: string): string {
    if (this.rooms.size === 1 && this.rooms.has(room)) return this.tail;
    let text = '';
    for (const [name, seq] of this.rooms) if (name !== room) text += `;${roomField(name, seq)}`;
    return text + this.tail;
  }

  toString(): string {
    const rooms = [...this.rooms].map(([name, seq]) => roomField(name, seq)).join(';');
    const text = rooms === '' ? this.tail.slice(1) : rooms + this.tail;
    // An empty one would not be brought back.
    return text === '' ? '0#?' : text;
  }

  private refresh(): void {
    const answered = this.count > 0 ? `;${this.count}#${this.doubted ? '?' : ''}` : '';
    this.tail = formatDirects(this.directs) + answered;
  }
}

/** `151=lobby`: a room's field of an offset. */
export function roomField(name: string, seq: number): string {
  return `${seq}=${encodeURIComponent(name)}`;
}

function dropFirst(positions: Map<string, number>): void {
  const [first] = positions.keys();
  if (first !== undefined) positions.delete(first);
}

/** `;7@bob;2@ann`. Names are percent-encoded, so that none can pass for another field. */
export function formatDirects(directs: Iterable<readonly [string, number]>): string {
  let text = '';
  for (const [name, seq] of directs) text += `;${seq}@${encodeURIComponent(name)}`;
  return text;
}

/** `;151=01H…`: positions of rooms by their ids. */
export function formatRooms(rooms: Iterable<readonly [string, number]>): string {
  let text = '';
  for (const [id, seq] of rooms) text += `;${roomField(id, seq)}`;
  return text;
}

/** @returns null where an id is invalid; fields of other kinds are skipped */
export function parseRooms(fields: readonly string[]): Map<string, number> | null {
  return parsePositions(fields, ROOM_FIELD);
}

/** @returns null where a name is invalid; fields of other kinds are skipped */
export function parseDirects(fields: readonly string[]): Map<string, number> | null {
  return parsePositions(fields, DIRECT_FIELD);
}

function parsePositions(fields: readonly string[], kind: RegExp): Map<string, number> | null {
  const positions = new Map<string, number>();
  for (const field of fields) {
    const [, seq, name] = kind.exec(field) ?? [];
    if (seq === undefined || name === undefined) continue;
    try {
      positions.set(decodeURIComponent(name), Number(seq));
    } catch {
      return null;
    }
  }
  return positions;
}
