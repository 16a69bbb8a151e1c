import type { Message } from '../message.js';

export const EXPORT_FORMATS = ['ndjson', 'json', 'csv', 'txt'] as const;

/** Also the file's extension. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Writes a conversation in one format, as a stream of unknown length: `opening entry separator
 * entry … closing`. It keeps no state between entries.
 */
export interface ExportWriter {
  readonly contentType: string;
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
  /** One whole message; no text in it can pass for another entry when the format is parsed. */
  entry(message: Message): string;
}
