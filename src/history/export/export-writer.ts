import type { Message } from '../message.js';

export const EXPORT_FORMATS = ['ndjson', 'json', 'csv', 'txt'] as const;

/** Also the ending of the file's name. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Writes a conversation in one format, without knowing how much of it there is:
 * `opening entry separator entry … closing`. It keeps no state between entries.
 */
export interface ExportWriter {
  readonly contentType: string;
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
  /** One message, whole; no text in it can look like another entry to who parses the format. */
  entry(message: Message): string;
}
