import type { ConversationKey } from './key.js';
import { type Membership, ROLES } from './room.js';

/**
 * The rooms that somebody is in, and the places there, in two lists in the order of the keys, which take
 * a third of what maps take: ten thousand people in fifty rooms each have half a million places.
 */
export class PackedPlaces {
  /** Shared by all who are in no room but the lobby: nearly everybody, where there is one. */
  static readonly none = new PackedPlaces([], []);

  private constructor(
    /** Of the rooms, ascending. */
    readonly keys: readonly ConversationKey[],
    private readonly packed: readonly number[],
  ) {}

  /** @param memberships of somebody who has left none of these rooms */
  static of(memberships: readonly (readonly [ConversationKey, Membership])[]): PackedPlaces {
    if (memberships.length === 0) return PackedPlaces.none;
    const sorted = memberships.toSorted(([one], [other]) => (one < other ? -1 : 1));
    return new PackedPlaces(
      sorted.map(([key]) => key),
      sorted.map(([, membership]) => pack(membership)),
    );
  }

  /** @returns null for a room that the person is not in */
  get(key: ConversationKey): Membership | null {
    const at = this.placeOf(key);
    const packed = this.packed[at];
    return packed === undefined || this.keys[at] !== key ? null : unpack(packed);
  }

  /** @param membership of somebody who has not left */
  with(key: ConversationKey, membership: Membership): PackedPlaces {
    const at = this.placeOf(key);
    const replaced = this.keys[at] === key ? 1 : 0;
    return new PackedPlaces(
      this.keys.toSpliced(at, replaced, key),
      this.packed.toSpliced(at, replaced, pack(membership)),
    );
  }

  without(key: ConversationKey): PackedPlaces {
    const at = this.placeOf(key);
    if (this.keys[at] !== key) return this;
    if (this.keys.length === 1) return PackedPlaces.none;
    return new PackedPlaces(this.keys.toSpliced(at, 1), this.packed.toSpliced(at, 1));
  }

  /** Where the key is, or would be. */
  private placeOf(key: ConversationKey): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] ?? key) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function pack({ role, joined }: Membership): number {
  return joined * ROLES.length + ROLES.indexOf(role);
}

function unpack(packed: number): Membership {
  const role = ROLES[packed % ROLES.length] ?? 'reader';
  return { role, joined: Math.floor(packed / ROLES.length), left: null };
}
