import {
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
 * An entry of a conversation's log of a type that this client does not know (or that the service
 * itself did not): only what says which number it fills.
 */
export type UnknownEntry = { readonly type: typeof FrameType.Unknown; readonly seq: number } & (
  { readonly room: string } | { readonly user: Person; readonly to: string }
);

/** What a client makes of a frame. */
export type ReadFrame = Exclude<ServerFrame, UnknownFrame> | UnknownEntry;

/**
 * Reads a frame of the service. Its fields are trusted to be as the protocol says.
 * @returns null for what is no frame, or one of a type that this client does not know and that
 *   fills no number
 */
export function readFrame(text: string): ReadFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  if (KNOWN.has(value.type)) return value as Exclude<ServerFrame, UnknownFrame>;
  return unknownEntry(value);
}

/** What has a `seq` and a place fills that number, whatever its type. */
function unknownEntry(frame: object): UnknownEntry | null {
  const { seq, room, to, user } = frame as Partial<Record<string, unknown>>;
  if (typeof seq !== 'number') return null;
  const entry = { type: FrameType.Unknown, seq } as const;
  if (typeof room === 'string') return { ...entry, room };
  const isPrivate = typeof to === 'string' && typeof user === 'object' && user !== null;
  return isPrivate ? { ...entry, user: user as Person, to } : null;
}

export function isWelcome(frame: ReadFrame): frame is WelcomeFrame {
  return frame.type === FrameType.GroupChat && 'self' in frame;
}

/** @returns an empty list where the text is not one */
export function readPeople(frame: GroupListFrame): readonly ListedPerson[] {
  try {
    const value: unknown = JSON.parse(frame.data);
    return Array.isArray(value) ? (value as ListedPerson[]) : [];
  } catch {
    return [];
  }
}
