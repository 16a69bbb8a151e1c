/** Uploads that are looked at between their arrival and their sealing. */
const MOST = 1_000;

/**
 * Which version of an upload was looked at, by the store's own tag: its sender can replace it as long as the
 * URL holds, and what is sealed has to be what was checked.
 */
export class LookedAt {
  private readonly tags = new Map<string, string>();

  get(id: string): string | null {
    return this.tags.get(id) ?? null;
  }

  note(id: string, tag: string): void {
    this.tags.delete(id);
    this.tags.set(id, tag);
    if (this.tags.size <= MOST) return;
    for (const oldest of this.tags.keys()) {
      this.tags.delete(oldest);
      return;
    }
  }

  forget(id: string): void {
    this.tags.delete(id);
  }
}
