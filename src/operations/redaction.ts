/** `sid` is Socket.IO's: whoever has it can hijack a session of long polling. */
const SECRET_PARAMETERS = new Set(['token', 'ticket', 'access_token', 'refresh_token', 'sid']);

const SECRET_FIELDS = new Set([
  ...SECRET_PARAMETERS,
  'authorization',
  'cookie',
  'password',
  'secret',
  'text',
  'data',
]);

const REDACTED = '[redacted]';
const QUERY_SECRET =
  /([?&](?:token|ticket|access_token|refresh_token|sid)(?:\[[^\]=&]{0,32}\])?=)[^&#\s"'<>]*/gi;
const BEARER = /\b(Bearer\s+)[\w.~+/=-]+/gi;
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]+(?:\.[\w-]*){1,2}/g;
/** A cheap pre-check: no pattern below matches without one of these, and nearly no line has one. */
const SUSPICION = /[?&]|bearer|eyJ|:\/\//i;
const URL_WITH_PASSWORD = /(\b[a-z][a-z0-9+.-]{0,15}:\/\/[^\s/:@]{0,64}:)[^\s/@]+@/gi;

const MAX_TEXT = 8_192;
const MAX_DEPTH = 4;
const MAX_ENTRIES = 32;

/** A URL, or its path and query, without the values of secret parameters. */
export function redactUrl(url: string): string {
  const start = url.indexOf('?');
  if (start < 0) return redactText(url);
  const pairs = url.slice(start + 1).split('&');
  return `${redactText(url.slice(0, start))}?${pairs.map(redactPair).join('&')}`;
}

/**
 * A text without the tokens, tickets and passwords of URLs anywhere in it, cut off at 8,192
 * characters.
 */
export function redactText(text: string): string {
  const start = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  if (!SUSPICION.test(start)) return start;
  return start
    .replaceAll(QUERY_SECRET, `$1${REDACTED}`)
    .replaceAll(BEARER, `$1${REDACTED}`)
    .replaceAll(JSON_WEB_TOKEN, REDACTED)
    .replaceAll(URL_WITH_PASSWORD, `$1${REDACTED}@`);
}

/**
 * Fields fit for a log: no secret, no message text, at most four levels and thirty-two entries at
 * each.
 */
export function redactFields(
  fields: Readonly<Record<string, unknown>>,
  depth = 0,
): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const name of Object.keys(fields).slice(0, MAX_ENTRIES)) {
    const value = SECRET_FIELDS.has(name.toLowerCase())
      ? REDACTED
      : redactValue(fields[name], depth + 1);
    // An assignment to a field called __proto__ would set the prototype instead.
    if (name === '__proto__') Object.defineProperty(safe, name, { value, enumerable: true });
    else safe[name] = value;
  }
  return safe;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ENTRIES).map((item) => redactValue(item, depth + 1));
  }
  return redactFields(value as Record<string, unknown>, depth);
}

/** A parameter's name may be percent-encoded, which a server decodes. */
function redactPair(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return redactText(pair);
  const name = pair.slice(0, equals);
  return SECRET_PARAMETERS.has(plainName(name)) ? `${name}=${REDACTED}` : redactText(pair);
}

/** What a server may decode a name to: encoded twice, or in the form of an array. */
function plainName(name: string): string {
  const bracket = /^[^[]*/.exec(decoded(decoded(name)))?.[0] ?? '';
  return bracket.trim().toLowerCase();
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
