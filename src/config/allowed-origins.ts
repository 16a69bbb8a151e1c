/** An origin of web pages, with a wildcard for the first labels of its host. */
const WILDCARD = /^(https?:\/\/)\*(\.[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{1,5})?)$/;
const LABELS = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/;
/** An app with a scheme of its own, such as `capacitor://localhost`. */
const OF_AN_APP = /^[a-z][a-z\d+.-]*:\/\/[\w.-]+(?::\d{1,5})?$/;
/** Schemes that are no page's origin, or the same for every page, so that they identify none. */
const NO_ORIGIN = /^(?:wss?|ftp|file|data|blob|about|javascript):/i;

/** The origins that ALLOWED_ORIGINS names, beside the service's own. */
export class AllowedOrigins {
  readonly size: number;
  private readonly exact: ReadonlySet<string>;
  private readonly wildcards: readonly (readonly [start: string, end: string])[];

  /** @param entries without a {@link faultOfOrigin} */
  constructor(entries: readonly string[]) {
    this.size = entries.length;
    this.exact = new Set(entries.filter((entry) => !entry.includes('*')));
    this.wildcards = entries.flatMap((entry) => {
      const [, start, end] = WILDCARD.exec(entry) ?? [];
      return start === undefined || end === undefined ? [] : [[start, end] as const];
    });
  }

  /** Whether a page of that origin, as its browser sends it, may connect. */
  has(origin: string): boolean {
    if (this.exact.has(origin)) return true;
    return this.wildcards.some(
      ([start, end]) =>
        origin.startsWith(start) &&
        origin.endsWith(end) &&
        LABELS.test(origin.slice(start.length, -end.length)),
    );
  }
}

/** Why an entry is no page's origin, or that of too many; null where it is sound. */
export function faultOfOrigin(entry: string): string | null {
  if (entry === '*') return 'would let in every page; name them, or use *. before a domain';
  if (entry === 'null' || /^file:/i.test(entry)) {
    return 'is the origin of all local files and all sandboxed frames, and cannot be told apart';
  }
  if (NO_ORIGIN.test(entry)) return 'has a scheme that no page has; a page has http or https';
  if (/^https?:/i.test(entry)) return faultOfPage(entry);
  return OF_AN_APP.test(entry) ? null : 'is no origin; one is like https://chat.example.org';
}

function faultOfPage(entry: string): string | null {
  if (entry.includes('*')) {
    const [, start = '', end = ''] = WILDCARD.exec(entry) ?? [];
    if (!isAsSent(`${start}x${end}`)) {
      return 'has a wildcard elsewhere than in https://*.example.org or http://*.example.org:8080';
    }
    return null;
  }
  if (isAsSent(entry)) return null;
  return 'is not as browsers send it: small letters, no default port, no path, no slash at its end';
}

function isAsSent(origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).origin === origin;
}
