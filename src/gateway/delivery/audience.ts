import type { Connection } from '../connections/connection.js';
import type { EncodedFrame } from '../wire/encoded-frame.js';
import type { InPlace, QueuedFrame, SharedBytes, Weight } from '../wire/queued-frame.js';
import type { WireFormat } from '../wire/wire-format.js';

/** The members on one wire format, which are written the same bytes. */
interface FormatGroup {
  readonly format: WireFormat;
  readonly members: Set<Connection>;
  frames: QueuedFrame[];
  /**
   * Those who need not be written all messages that wait, and from which frame on: members again with
   * the next flush, so that nobody's coming splits what the others are written together.
   */
  readonly late: Map<Connection, number>;
}

/** Takes what a room sends a member. */
export type Sink = (member: Connection, bytes: SharedBytes) => void;

/** The open connections in a room, and what they are sent at the next flush. */
export class Audience {
  private readonly groups: FormatGroup[] = [];

  /** @param room its name */
  constructor(private readonly room: () => string) {}

  get size(): number {
    return this.groups.reduce((sum, { members, late }) => sum + members.size + late.size, 0);
  }

  *members(): Iterable<Connection> {
    for (const { members, late } of this.groups) {
      yield* members;
      yield* late.keys();
    }
  }

  /** It is written what comes from here on, and the presence that waits. */
  join(connection: Connection): void {
    const group = this.groupOf(connection.format);
    if (group.frames.some(isMessage)) group.late.set(connection, group.frames.length);
    else group.members.add(connection);
  }

  leave(connection: Connection): void {
    const { members, late } = this.groupOf(connection.format);
    if (!members.delete(connection)) late.delete(connection);
  }

  /** A member has the messages that wait already. */
  passOver(connection: Connection): void {
    const { members, frames, late } = this.groupOf(connection.format);
    if (!frames.some(isMessage)) return;
    if (members.delete(connection) || late.has(connection)) late.set(connection, frames.length);
  }

  /** A member leaves, and is handed the messages that wait. @param head see {@link flush} */
  takeOut(connection: Connection, head: number, sink: Sink): void {
    const { format, members, frames, late } = this.groupOf(connection.format);
    const from = members.has(connection) ? 0 : late.get(connection);
    this.leave(connection);
    if (from === undefined) return;
    const messages = frames.slice(from).filter(isMessage);
    flushGroup({ format, members: [connection] }, messages, { room: this.room(), head, sink });
  }

  tell(
    frame: EncodedFrame,
    weight: Weight,
    origin: string | null,
    inPlace: InPlace | null = null,
  ): void {
    for (const group of this.groups) {
      if (group.members.size + group.late.size === 0) continue;
      group.frames.push({ bytes: frame.in(group.format), weight, origin, inPlace });
    }
  }

  /** Whether messages wait for the next flush, and not only presence. */
  get hasMessages(): boolean {
    return this.groups.some(({ frames }) => frames.some(isMessage));
  }

  /**
   * Hands each member, once, what waits for the room. A member may leave meanwhile.
   * @param head the room's number that its members reach with it
   */
  flush(head: number, sink: Sink): void {
    for (const group of this.groups) {
      if (group.frames.length === 0) continue;
      const { format, members, frames, late } = group;
      group.frames = [];
      const flush = { room: this.room(), head, sink };
      flushGroup({ format, members }, frames, flush);
      for (const [connection, from] of late) {
        const own = frames.filter((frame, at) => at >= from || !isMessage(frame));
        flushGroup({ format, members: [connection] }, own, flush);
        // Unless it left when it was handed them.
        if (late.delete(connection)) members.add(connection);
      }
    }
  }

  private groupOf(format: WireFormat): FormatGroup {
    let group = this.groups.find((one) => one.format === format);
    if (group === undefined) {
      group = { format, members: new Set(), frames: [], late: new Map() };
      this.groups.push(group);
    }
    return group;
  }
}

interface Flush {
  readonly room: string;
  readonly head: number;
  readonly sink: Sink;
}

/** Those who are handed the same. */
interface Readers {
  readonly format: WireFormat;
  readonly members: Iterable<Connection>;
}

function flushGroup(
  { format, members }: Readers,
  frames: readonly QueuedFrame[],
  flush: Flush,
): void {
  if (frames.length === 0) return;
  const { sink } = flush;
  const bytes = joined(frames);
  const special = peopleToldOtherwise(frames);
  if (format.echoes && special === null) {
    for (const member of members) sink(member, bytes);
    return;
  }
  const origins = new Set(frames.map(({ origin }) => origin));
  for (const member of members) {
    const isSpecial = special?.has(member.person.id) === true;
    const own = isSpecial ? framesFor(member, frames) : frames;
    const shared = isSpecial ? joined(own) : bytes;
    sink(member, format.echoes ? shared : tailor(member, own, shared, origins, flush));
  }
}

function tailor(
  member: Connection,
  frames: readonly QueuedFrame[],
  shared: SharedBytes,
  origins: ReadonlySet<string | null>,
  { room, head }: Flush,
): SharedBytes {
  const own = member.tailor({ room, head, frames, said: origins.has(member.id) });
  return own === null ? shared : tailored(own, frames, member);
}

/** @returns null where everybody is told the same, as nearly always */
function peopleToldOtherwise(frames: readonly QueuedFrame[]): ReadonlySet<string> | null {
  let people: Set<string> | null = null;
  for (const { inPlace } of frames) {
    if (inPlace === null) continue;
    people ??= new Set();
    for (const id of inPlace.keys()) people.add(id);
  }
  return people;
}

function framesFor({ person, format }: Connection, frames: readonly QueuedFrame[]): QueuedFrame[] {
  return frames.flatMap((frame) => {
    const other = frame.inPlace?.get(person.id);
    if (other === undefined) return [frame];
    return other === null ? [] : [{ ...frame, bytes: other.in(format) }];
  });
}

function joined(frames: readonly QueuedFrame[]): SharedBytes {
  const messages = frames.filter(isMessage);
  const all = join(frames);
  const essential = messages.length === frames.length ? all : join(messages);
  return { all, essential, messages: messages.length };
}

/** Nothing made for one member can be dropped: its offset counts on all of it. */
function tailored(own: Buffer, frames: readonly QueuedFrame[], member: Connection): SharedBytes {
  const messages = frames.filter((frame) => frame.origin !== member.id && isMessage(frame)).length;
  return { all: own, essential: own, messages };
}

function isMessage({ weight }: QueuedFrame): boolean {
  return weight === 'message';
}

function join(frames: readonly QueuedFrame[]): Buffer {
  const [first] = frames;
  if (frames.length === 1 && first !== undefined) return first.bytes;
  return Buffer.concat(frames.map(({ bytes }) => bytes));
}
