/**
 * What one client has of one conversation, as protocol.md tells clients to keep it: the number up
 * to which it has everything.
 */
export class View {
  /** It has everything up to here. */
  last = 0;
  protected inSync = false;
  /** The highest number delivered to the open connection since its Sync. */
  private delivered = 0;
  private readonly beyond = new Set<number>();

  /** @param acksMayLead over what was said on other nodes, which comes a little later */
  constructor(private readonly acksMayLead = false) {}

  /** @returns the numbers that the connection that has ended passed over */
  disconnect(): readonly number[] {
    const missing: number[] = [];
    const told = this.acksMayLead ? [this.delivered] : this.beyond;
    const end = Math.max(this.last, ...told);
    for (let seq = this.last + 1; seq < end; seq++) if (!this.beyond.has(seq)) missing.push(seq);
    this.beyond.clear();
    this.delivered = 0;
    this.inSync = false;
    return missing;
  }

  /** A Sync has ended. @returns whether all came that it says it has brought */
  synced(upTo: number): boolean {
    this.inSync = true;
    this.delivered = this.last;
    return this.last >= upTo;
  }

  /**
   * Before the end of the Sync, what is live may lie ahead of what is missed and come again.
   * @returns false for a number that must not come any more
   */
  deliver(seq: number): boolean {
    if (!this.inSync) {
      if (seq === this.last + 1) this.last = seq;
      return true;
    }
    if (seq <= this.delivered) return false;
    this.delivered = seq;
    this.have(seq);
    return true;
  }

  /** What lies below is not for this client: it begins here. */
  startAt(seq: number): void {
    if (seq <= this.last) return;
    this.last = seq - 1;
    for (const known of this.beyond) if (known < seq) this.beyond.delete(known);
  }

  /** The client has it from elsewhere: its own message, by its Ack. */
  have(seq: number): void {
    if (seq <= this.last) return;
    this.beyond.add(seq);
    while (this.beyond.delete(this.last + 1)) this.last += 1;
  }
}
