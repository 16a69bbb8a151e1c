import type { WireFormat } from './codec/wire-format.js';
import type { Connection } from './connection.js';
import type { EncodedFrame } from './encoded-frame.js';
import type { Outlet } from './outlet.js';
import type { Part, Weight } from './part.js';

/** The members of one format: they are written the same bytes. */
interface Wing {
  readonly format: WireFormat;
  readonly members: Connection[];
  parts: Part[];
}

/** The open connections in a room, and what they are to be told at the next flush. */
export class Audience {
  private readonly wings: Wing[] = [];

  join(connection: Connection): void {
    if (connection.memberIndex >= 0) return;
    const wing = this.wingOf(connection.format);
    connection.memberIndex = wing.members.length;
    wing.members.push(connection);
  }

  /** The last member takes the place of the one who goes: no search, no shifting. */
  leave(connection: Connection): void {
    const { members } = this.wingOf(connection.format);
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
    for (const wing of this.wings) {
      if (wing.members.length === 0) continue;
      wing.parts.push({ bytes: frame.in(wing.format), weight, origin });
    }
  }

  /**
   * Flushes where messages wait. Before a member joins or leaves, so that nobody gets a message
   * from before, or misses one; presence may wait on.
   */
  flushMessages(outlet: Outlet): void {
    if (this.wings.some((wing) => wing.parts.some(isMessage))) this.flush(outlet);
  }

  /** One write per member. */
  flush(outlet: Outlet): void {
    for (const wing of this.wings) {
      if (wing.parts.length === 0) continue;
      const parts = wing.parts;
      wing.parts = [];
      flushWing(wing, parts, outlet);
    }
  }

  private wingOf(format: WireFormat): Wing {
    let wing = this.wings.find((one) => one.format === format);
    if (wing === undefined) {
      wing = { format, members: [], parts: [] };
      this.wings.push(wing);
    }
    return wing;
  }
}

function flushWing(wing: Wing, parts: readonly Part[], outlet: Outlet): void {
  const all = join(parts);
  const messages = parts.every(isMessage) ? all : join(parts.filter(isMessage));
  const count = countMessages(parts);
  const silent = wing.format.echoes ? null : new Set(parts.map((part) => part.origin));
  // A member who is closed on the way is replaced by the last one, so the walk goes backwards.
  for (let at = wing.members.length - 1; at >= 0; at--) {
    const member = wing.members[at];
    if (member === undefined) continue;
    const own = silent === null ? null : member.tailor(parts, silent.has(member.id));
    if (!outlet.write(member, own ?? all, own ?? messages)) continue;
    outlet.delivered += own === null ? count : countMessages(partsOfOthers(parts, member));
  }
}

function partsOfOthers(parts: readonly Part[], member: Connection): readonly Part[] {
  return parts.filter((part) => part.origin !== member.id);
}

function countMessages(parts: readonly Part[]): number {
  return parts.filter(isMessage).length;
}

function isMessage(part: Part): boolean {
  return part.weight === 'message';
}

function join(parts: readonly Part[]): Buffer {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first.bytes;
  return Buffer.concat(parts.map((part) => part.bytes));
}
