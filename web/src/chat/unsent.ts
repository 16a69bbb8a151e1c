import type { ChatClient } from '@parley/client';
import { signal } from '@preact/signals';

/** What can be done with messages that were not sent. */
export class Unsent {
  /** A text that goes back into the composer. */
  readonly returned = signal<string | null>(null);

  constructor(private readonly outbox: ChatClient['outbox']) {}

  retry(ref: string): void {
    this.outbox.retry(ref);
  }

  /** Takes what was not sent back to where it was written. */
  edit(ref: string): void {
    const entry = this.outbox.entries().find((one) => one.ref === ref);
    if (entry === undefined) return;
    this.outbox.discard(ref);
    this.returned.value = entry.text;
  }

  discard(ref: string): void {
    this.outbox.discard(ref);
  }
}
