/** `5` and `6`: binary packets, and how many binary frames follow each. */
const BINARY_HEAD = /^[56](\d{1,3})-/;
/** The limit of Socket.IO's clients and servers per packet. */
const MOST = 10;

/**
 * Tells which binary frames are attachments of an earlier packet. Such a packet is refused as a
 * whole: its attachments are no packets of their own.
 */
export class Attachments {
  private due = 0;

  /** Called with everything that arrives, in order. @returns whether it is an attachment */
  take(packet: unknown): boolean {
    if (typeof packet === 'string') {
      const announced = BINARY_HEAD.exec(packet)?.[1];
      this.due = Math.min(Number(announced ?? 0), MOST);
      return false;
    }
    if (this.due === 0) return false;
    this.due--;
    return true;
  }
}
