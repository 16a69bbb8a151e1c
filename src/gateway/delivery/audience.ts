import type { WireFormat } from '../wire/wire-format.js';
import type { Connection } from '../connections/connection.js';
import type { EncodedFrame } from '../wire/encoded-frame.js';
import type { Backpressure } from './backpressure.js';
import type { QueuedFrame, Weight } from '../wire/queued-frame.js';

/** The members of one format: they are written the same bytes. */
interface FormatGroup {
  readonly format: WireFormat;
  readonly members: Connection[];
  frames: QueuedFrame[];
}

/** The open connections in a room, and what they are to be told at the next flush. */
export class Audience {
  private readonly groups: FormatGroup[] = [];

  join(connection: Connection): void {
    if (connection.memberIndex >= 0) return;
    const group = this.groupOf(connection.format);
    connection.memberIndex = group.members.length;
    group.members.push(connection);
  }

  /** The last member takes the place of the one who goes: no search, no shifting. */
  leave(connection: Connection): void {
    const { members } = this.groupOf(connection.format);
    const index = connection.memberIndex;
    if (index < 0) return;
    const last = members.pop();
    if (last !== undefined && last !== connection) {
      members[index] = last;
      last.memberIndex = index;
    }
    connection.memberIndex = -1;
  }

  tell(frame: EncodedFrame, weight: Weight, origin: string | null): void {
    for (const group of this.groups) {
      if (group.members.length === 0) continue;
      group.frames.push({ bytes: frame.in(group.format), weight, origin });
    }
  }

  /**
   * Flushes where messages wait. Before a member joins or leaves, so that nobody gets a message
   * from before, or misses one; presence may wait on.
   */
  flushMessages(backpressure: Backpressure): void {
    if (this.groups.some((group) => group.frames.some(isMessage))) this.flush(backpressure);
  }

  /** One write per member. */
  flush(backpressure: Backpressure): void {
    for (const group of this.groups) {
      if (group.frames.length === 0) continue;
      const frames = group.frames;
      group.frames = [];
      flushGroup(group, frames, backpressure);
    }
  }

  private groupOf(format: WireFormat): FormatGroup {
    let group = this.groups.find((one) => one.format === format);
    if (group === undefined) {
      group = { format, members: [], frames: [] };
      this.groups.push(group);
    }
    return group;
  }
}

function flushGroup(
  group: FormatGroup,
  frames: readonly QueuedFrame[],
  backpressure: Backpressure,
): void {
  const all = join(frames);
  const messages = frames.every(isMessage) ? all : join(frames.filter(isMessage));
  const count = countMessages(frames);
  const silent = group.format.echoes ? null : new Set(frames.map((frame) => frame.origin));
  // A member who is closed on the way is replaced by the last one, so the walk goes backwards.
  for (let at = group.members.length - 1; at >= 0; at--) {
    const member = group.members[at];
    if (member === undefined) continue;
    const own = silent === null ? null : member.tailor(frames, silent.has(member.id));
    if (!backpressure.write(member, own ?? all, own ?? messages)) continue;
    backpressure.delivered += own === null ? count : countMessages(framesOfOthers(frames, member));
  }
}

function framesOfOthers(
  frames: readonly QueuedFrame[],
  member: Connection,
): readonly QueuedFrame[] {
  return frames.filter((frame) => frame.origin !== member.id);
}

function countMessages(frames: readonly QueuedFrame[]): number {
  return frames.filter(isMessage).length;
}

function isMessage(frame: QueuedFrame): boolean {
  return frame.weight === 'message';
}

function join(frames: readonly QueuedFrame[]): Buffer {
  const [first] = frames;
  if (frames.length === 1 && first !== undefined) return first.bytes;
  return Buffer.concat(frames.map((frame) => frame.bytes));
}
