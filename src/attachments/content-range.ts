import { Refusal } from '../kernel/refusal.js';
import type { Piece } from './uploads.service.js';

const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/;

/**
 * Which piece of a file a request brings.
 * @param length its `Content-Length`: a piece says how long it is before it comes
 * @throws Refusal `invalid-field`
 */
export function pieceOf(contentRange: string | undefined, length: string | undefined): Piece {
  if (length === undefined || !/^\d{1,15}$/.test(length)) {
    throw new Refusal('invalid-field', { field: 'content-length' });
  }
  if (contentRange === undefined) return { offset: 0, length: Number(length), total: null };
  const [, from, to, total] = CONTENT_RANGE.exec(contentRange) ?? [];
  const piece = { offset: Number(from), length: Number(length), total: Number(total) };
  if (Number(to) - piece.offset + 1 !== piece.length) {
    throw new Refusal('invalid-field', { field: 'content-range' });
  }
  return piece;
}
