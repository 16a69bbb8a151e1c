import { Readable } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ChatEvent } from '../../chat/log/event.js';
import { EventLog } from '../../chat/log/event-log.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { messagesOf } from '../message.js';
import type { ReadableLog } from '../readable-log.js';
import { csvWriter } from './csv-writer.js';
import type { Download } from './download.js';
import { ExportSlots } from './export-slots.js';
import type { ExportFormat, ExportWriter } from './export-writer.js';
import { jsonWriter } from './json-writer.js';
import { ndjsonWriter } from './ndjson-writer.js';
import { txtWriter } from './txt-writer.js';

const WRITERS: Readonly<Record<ExportFormat, ExportWriter>> = {
  ndjson: ndjsonWriter,
  json: jsonWriter,
  csv: csvWriter,
  txt: txtWriter,
};

/** UTF-16 units per piece sent to the reader. */
const PIECE = 65_536;

type Chunks = AsyncIterator<readonly ChatEvent[], unknown>;

/** Turns a conversation's log into a download. */
@Injectable()
export class ExportService {
  private readonly logger = new Logger('Export');

  constructor(
    private readonly log: EventLog,
    private readonly slots: ExportSlots,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Opens the whole log as a stream with backpressure, in constant memory. Closing the stream, at
   * its end or before, stops the reading and frees the reader's slot.
   *
   * The first chunk has been read when it resolves, so that a store that cannot be read fails this
   * call, instead of breaking a download off.
   *
   * @param source what is read, and its name: a part of the file's name
   * @throws Refusal as {@link ExportSlots.take}
   */
  async open(
    reader: Person,
    { conversation, name, room, from }: ReadableLog,
    format: ExportFormat,
  ): Promise<Download> {
    const release = this.slots.take(reader.id);
    try {
      const writer = WRITERS[format];
      const chunks = this.log.stream(conversation, from - 1)[Symbol.asyncIterator]();
      const first = await chunks.next();
      const stream = Readable.from(render({ writer, room }, first, chunks), { objectMode: false });
      stream.once('close', () => {
        release();
        this.stop(chunks);
      });
      return {
        stream,
        contentType: writer.contentType,
        fileName: this.fileName(name, format),
        minSpeed: this.settings.limits.exportMinSpeed,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A generator that never started does not pass its end on to the store. */
  private stop(chunks: Chunks): void {
    chunks.return?.().then(undefined, (error: unknown) => {
      this.logger.warn({ event: 'export-not-ended', error });
    });
  }

  private fileName(title: string, format: ExportFormat): string {
    const day = new Date(this.clock.now()).toISOString().slice(0, 10);
    return `parley-${title}-${day}.${format}`;
  }
}

async function* render(
  { writer, room }: { readonly writer: ExportWriter; readonly room: string },
  first: IteratorResult<readonly ChatEvent[], unknown>,
  chunks: Chunks,
): AsyncGenerator<string> {
  if (writer.opening !== '') yield writer.opening;
  let separator = '';
  for (let chunk = first; chunk.done !== true; chunk = await chunks.next()) {
    const entries = messagesOf(chunk.value, room).map((message) => writer.entry(message));
    if (entries.length === 0) continue;
    yield* pieces(separator + entries.join(writer.separator));
    separator = writer.separator;
  }
  if (writer.closing !== '') yield writer.closing;
}

/** A slow reader takes a chunk in many steps; each counts as progress. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = at + PIECE;
    // Splitting a surrogate pair would leave no character in either half.
    const next = isHighSurrogate(text.charCodeAt(end - 1)) ? end + 1 : end;
    yield text.slice(at, next);
    at = next;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
