import { messageItem } from '../message-item.js';
import type { ExportWriter } from './export-writer.js';

/** One array of the socket's frames, each on its own line. */
export const jsonWriter: ExportWriter = {
  contentType: 'application/json; charset=utf-8',
  opening: '[\n',
  separator: ',\n',
  closing: '\n]\n',
  entry: (message) => JSON.stringify(messageItem(message)),
};
