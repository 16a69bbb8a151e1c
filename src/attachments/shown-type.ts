import type { StoredAttachment } from './attachment-store.js';

/** What has no marks of its own in its content. */
const UNKNOWN = 'application/octet-stream';
/** Types without marks of their own which nobody runs or shows in place: for these its author's word will do. */
const BY_WORD: ReadonlySet<string> = new Set([
  ...['text/plain', 'text/csv', 'text/markdown', 'application/json'],
]);

/** Whether a type is one of pictures. */
export function isPicture(type: string): boolean {
  return type.startsWith('image/');
}

/** What a message says of its file: nothing that its content does not bear out. */
export function shownTypeOf({ type, content }: Pick<StoredAttachment, 'type' | 'content'>): string {
  if (content === null) return UNKNOWN;
  if (isPicture(content.type)) return content.picture === null ? UNKNOWN : content.type;
  if (content.type !== UNKNOWN) return content.type;
  return BY_WORD.has(type) ? type : UNKNOWN;
}
