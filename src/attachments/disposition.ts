/** The types that browsers may show in place, as found by content; no script runs in any of them. */
const SHOWN: ReadonlySet<string> = new Set([
  ...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'],
  ...['video/mp4', 'application/pdf'],
]);

/** A name that says nothing, for what is left of one that was nothing but marks. */
const NAMELESS = 'file';

/** What the answer to a download says of the file. */
export interface Disposition {
  readonly type: string;
  readonly disposition: string;
}

/**
 * How a file is handed out: in place where its content is known and harmless, else as a download of no
 * particular type.
 * @param found by content, see {@link foundType}; @param isShowable false for a picture that could not be read
 */
export function dispositionOf(name: string, found: string, isShowable = true): Disposition {
  const isShown = isShowable && SHOWN.has(found);
  return {
    type: isShown ? found : 'application/octet-stream',
    disposition: `${isShown ? 'inline' : 'attachment'}; ${fileNames(name)}`,
  };
}

/**
 * What belongs to every answer with somebody's bytes, beside its {@link Disposition}: a document among
 * them can run nothing, reach nothing, and be embedded by nobody else.
 */
export const CONTENT_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private',
};

/** For clients from before RFC 6266 in ASCII, for all others as it is. */
function fileNames(name: string): string {
  const safe = baseName(name);
  const ascii = safe.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  return `filename="${ascii}"; filename*=UTF-8''${encoded(safe)}`;
}

/** Without folders, without controls and marks that change the direction of reading, never a dot file. */
function baseName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '');
  const bare = plain.replace(/^[.\s]+/, '').trimEnd();
  return bare === '' ? NAMELESS : bare;
}

/** As RFC 8187 has it: `encodeURIComponent` leaves three characters that are marks there. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
