import { fileTypeFromBuffer } from 'file-type';

/** Bytes of a file's beginning by which its type is found. */
export const SAMPLE_BYTES = 4_100;

/** Other names of types that are shown. */
const CALLED: Readonly<Record<string, string>> = {
  'image/apng': 'image/png',
};

/**
 * What a file is by its own bytes, whatever its name and its sender say. What has no marks of its own, such
 * as text, HTML, SVG and scripts, is `application/octet-stream`: those are never shown, so nothing needs
 * to tell them apart.
 */
export async function foundType(beginning: Uint8Array): Promise<string> {
  // XML is found by its first line: as a type it would promise more than is known.
  const found = await typeOf(beginning.subarray(0, SAMPLE_BYTES));
  if (found === null || found.endsWith('xml')) return 'application/octet-stream';
  return CALLED[found] ?? found;
}

async function typeOf(beginning: Uint8Array): Promise<string | null> {
  try {
    return (await fileTypeFromBuffer(beginning))?.mime ?? null;
  } catch {
    // A beginning that is cut where its format does not expect it.
    return null;
  }
}
