import {
  FrameType,
  type GroupListFrame,
  type ListedPerson,
  type ServerFrame,
  type WelcomeFrame,
} from '@parley/protocol';

const KNOWN: ReadonlySet<unknown> = new Set(Object.values(FrameType));

/**
 * Reads a frame of the service. Its fields are trusted to be as the protocol says.
 * @returns null for what is no frame, or one of a type that this client does not know
 */
export function readFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  return KNOWN.has(value.type) ? (value as ServerFrame) : null;
}

export function isWelcome(frame: ServerFrame): frame is WelcomeFrame {
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
