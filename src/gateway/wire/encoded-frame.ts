import type { WireFormat } from './wire-format.js';
import type { OutgoingFrame } from './frames.js';

/** A frame for many: encoded lazily, once per format. */
export class EncodedFrame {
  private format: WireFormat | null = null;
  private bytes: Buffer | null = null;
  private others: Map<WireFormat, Buffer> | null = null;

  constructor(readonly frame: OutgoingFrame) {}

  in(format: WireFormat): Buffer {
    if (this.format === format && this.bytes !== null) return this.bytes;
    if (this.bytes === null) {
      this.format = format;
      this.bytes = format.encode(this.frame);
      return this.bytes;
    }
    this.others ??= new Map();
    let bytes = this.others.get(format);
    if (bytes === undefined) {
      bytes = format.encode(this.frame);
      this.others.set(format, bytes);
    }
    return bytes;
  }
}
