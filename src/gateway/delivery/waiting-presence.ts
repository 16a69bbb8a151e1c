/**
 * Rooms that have presence to be told by some time. What is written to somebody alone takes none of it
 * along: in a crowd there is something to write all the time, and each notice would be a write to everybody.
 */
export class WaitingPresence<Room> {
  private readonly dues = new Map<Room, number>();
  private earliest: number | null = null;

  /** When the next room has to be told; null where none waits. */
  get due(): number | null {
    return this.earliest;
  }

  /** @param due at the latest; an earlier time stays */
  add(room: Room, due: number): void {
    const before = this.dues.get(room);
    if (before !== undefined && before <= due) return;
    this.dues.set(room, due);
    this.earliest = Math.min(due, this.earliest ?? due);
  }

  /** @returns those whose time has come, which wait no longer */
  takeDue(now: number): readonly Room[] {
    if (this.earliest === null || this.earliest > now) return [];
    const taken: Room[] = [];
    let earliest: number | null = null;
    for (const [room, due] of this.dues) {
      if (due <= now) {
        taken.push(room);
        this.dues.delete(room);
      } else earliest = Math.min(due, earliest ?? due);
    }
    this.earliest = earliest;
    return taken;
  }
}
