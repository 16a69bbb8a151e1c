import type { SharedBytes, Waiting } from '../wire/queued-frame.js';

/** What waits to be written to one connection with the hub's next flush, in one piece. */
export class PendingWrites {
  /** Encoded frames for this connection alone. */
  private own: Waiting[] | null = null;
  /** What rooms send it: nearly always one room. */
  private shared: SharedBytes | SharedBytes[] | null = null;

  /** The connection has frames of its own to be written. */
  get hasOwn(): boolean {
    return this.own !== null;
  }

  /** @returns whether it had none before */
  add(bytes: Waiting): boolean {
    if (this.own !== null) {
      this.own.push(bytes);
      return false;
    }
    this.own = [bytes];
    return true;
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

  /** What rooms have for it: one piece, several, or nothing. */
  takeShared(): SharedBytes | readonly SharedBytes[] | null {
    const { shared } = this;
    this.shared = null;
    return shared;
  }

  /** What waits for this connection alone, joined; null where nothing does. */
  takeOwn(): Buffer | null {
    const waiting = this.own;
    if (waiting === null) return null;
    this.own = null;
    const parts = waiting.map((one) => (typeof one === 'function' ? one() : one));
    const [first] = parts;
    return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  }

  /** Its reader is gone. */
  drop(): void {
    this.own = null;
    this.shared = null;
  }
}
