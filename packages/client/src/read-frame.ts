import {
  type EntryFrame,
  FrameType,
  type GroupListFrame,
  type ListedPerson,
  type Person,
  type ServerFrame,
  type UnknownFrame,
  type WelcomeFrame,
} from '@parley/protocol';

/** Types that this client reads as they are. */
const KNOWN: ReadonlySet<unknown> = new Set(
  Object.values(FrameType).filter((type) => type !== FrameType.Unknown),
);

/**
 * A log entry of a type that this client does not know (or that the service itself did not): only
 * which number it fills.
 */
export type UnknownEntry = { readonly type: typeof FrameType.Unknown; readonly seq: number } & (
  { readonly room: string } | { readonly user: Person; readonly to: string }
);

/** An entry of a conversation's log, as the client sees it. */
export type LogEntry = Exclude<EntryFrame, UnknownFrame> | UnknownEntry;

/** A frame as the client sees it. */
export type ReadFrame = Exclude<ServerFrame, UnknownFrame> | UnknownEntry;

/** Types that speak of a number, and do not fill it. */
const SPEAKS_OF_A_NUMBER: ReadonlySet<number> = new Set([
  FrameType.Ack,
  FrameType.Sync,
  FrameType.Read,
]);

/**
 * Parses a frame of the service, whose fields are trusted to follow the protocol.
 * @returns null for what is no frame, or one of an unknown type that fills no number
 */
export function readFrame(text: string): ReadFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  if (KNOWN.has(value.type)) return value as Exclude<ReadFrame, UnknownEntry>;
  return unknownEntry(value);
}

/** A frame with a `seq` and a conversation fills that number, whatever its type. */
function unknownEntry(frame: object): UnknownEntry | null {
  const { seq, room, to, user } = frame as Partial<Record<string, unknown>>;
  if (typeof seq !== 'number') return null;
  const entry = { type: FrameType.Unknown, seq } as const;
  if (typeof room === 'string') return { ...entry, room };
  const isPrivate = typeof to === 'string' && typeof user === 'object' && user !== null;
  return isPrivate ? { ...entry, user: user as Person, to } : null;
}

/** Whether a frame fills its number: what has one and a place does, but for what only speaks of it. */
export function isEntry(frame: ReadFrame): frame is LogEntry {
  if (!('seq' in frame) || !('room' in frame || 'to' in frame)) return false;
  return !SPEAKS_OF_A_NUMBER.has(frame.type);
}

export function isWelcome(frame: ReadFrame): frame is WelcomeFrame {
  return frame.type === FrameType.GroupChat && 'self' in frame;
}

/** @returns an empty list where the text is malformed */
export function readPeople(frame: GroupListFrame): readonly ListedPerson[] {
  try {
    const value: unknown = JSON.parse(frame.data);
    return Array.isArray(value) ? (value as ListedPerson[]) : [];
  } catch {
    return [];
  }
}
