import type { ByteRange } from './blob-store.js';

const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The part of a file that a `Range` header asks for (RFC 9110, 14.2). One range is understood; what is more, or
 * none at all, is passed by, and all of the file is the answer.
 * @param size of the file, in bytes
 */
export function byteRangeOf(
  header: string | undefined,
  size: number,
): ByteRange | 'all' | 'unsatisfiable' {
  const [found, from = '', to = ''] = RANGE.exec(header ?? '') ?? [];
  if (found === undefined || (from === '' && to === '')) return 'all';
  if (from === '') return lastBytes(Number(to), size);
  const start = Number(from);
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < start) return 'all';
  return start < size ? { start, end } : 'unsatisfiable';
}

function lastBytes(count: number, size: number): ByteRange | 'unsatisfiable' {
  if (count === 0 || size === 0) return 'unsatisfiable';
  return { start: Math.max(0, size - count), end: size - 1 };
}
