import { messageItem } from '../message-item.js';
import type { ExportWriter } from './export-writer.js';

/** One frame of the socket per line. */
export const ndjsonWriter: ExportWriter = {
  contentType: 'application/x-ndjson; charset=utf-8',
  opening: '',
  separator: '',
  closing: '',
  entry: (message) => `${JSON.stringify(messageItem(message))}\n`,
};
