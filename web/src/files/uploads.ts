import { FileCalls, RestError, SessionOver } from '@parley/client';
import type { Attachment } from '@parley/protocol';
import { signal } from '@preact/signals';
import { fileTexts } from '../language/files.js';
import { whyNot } from '../language/refusals.js';
import type { Ask } from '../messages/ask.js';

/** A file on its way into a message. Immutable: each change makes a new one. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  /** Bytes, and how many of them have arrived. */
  readonly size: number;
  readonly sent: number;
  /** Once all of it is there. */
  readonly attachment: Attachment | null;
  /** Why it does not come, for people; null: it does. */
  readonly failure: string | null;
}

/** Files of one message. */
const MOST_FILES = 10;

/** Files that are being sent, to go with the next message. */
export class Uploads {
  readonly list = signal<readonly Upload[]>([]);
  private readonly stops = new Map<number, AbortController>();
  private count = 0;

  constructor(private readonly ask: Ask) {}

  add(files: readonly File[]): void {
    for (const file of files.slice(0, MOST_FILES - this.list.value.length)) {
      const key = ++this.count;
      const { name, size } = file;
      const upload = { key, name, size, sent: 0, attachment: null, failure: null };
      this.list.value = [...this.list.value, upload];
      void this.send(key, file);
    }
  }

  /** Gives up a file. */
  remove(key: number): void {
    const gone = this.list.value.find((one) => one.key === key);
    this.stops.get(key)?.abort();
    this.stops.delete(key);
    this.list.value = this.list.value.filter((one) => one.key !== key);
    const { attachment = null } = gone ?? {};
    if (attachment === null) return;
    // What is left behind goes by itself within a day.
    this.ask((rest, token) => new FileCalls(rest, token).discard(attachment.id)).catch(() => null);
  }

  /** A message has them now. */
  take(): void {
    this.list.value = [];
    this.stops.clear();
  }

  /** Breaks off what is on its way. */
  stop(): void {
    for (const { key } of this.list.value) this.stops.get(key)?.abort();
    this.take();
  }

  private async send(key: number, file: File): Promise<void> {
    const stop = new AbortController();
    this.stops.set(key, stop);
    const onProgress = (sent: number): void => {
      this.change(key, { sent });
    };
    try {
      const attachment = await this.ask((rest, token) =>
        new FileCalls(rest, token).upload(file, { onProgress, signal: stop.signal }),
      );
      this.change(key, { attachment, sent: file.size });
    } catch (error) {
      if (stop.signal.aborted || error instanceof SessionOver) return;
      const { refusals } = fileTexts.value;
      const code = error instanceof RestError ? error.code : 'internal';
      this.change(key, { failure: whyNot(code, refusals) });
    }
  }

  private change(key: number, changed: Partial<Upload>): void {
    this.list.value = this.list.value.map((one) =>
      one.key === key ? { ...one, ...changed } : one,
    );
  }
}
