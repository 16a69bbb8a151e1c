/** A key of the environment: how its text is parsed, and its default. */
export interface Key<Value> {
  /** The text that an unset key stands for; empty: the key's value is null or empty. */
  readonly fallback: string;
  readonly meaning: string;
  /** The accepted values, as a table shows them: `0 to 65535`, `en, zh`. */
  readonly values: string;
  /** The same, as the end of a sentence that begins with "must be". */
  readonly expected: string;
  /** @returns undefined where the text is not acceptable */
  readonly parse: (text: string) => Value | undefined;
}

export function text(fallback: string, meaning: string): Key<string> {
  return { fallback, meaning, values: '', expected: 'a text', parse: (raw) => raw };
}

export function integer(
  fallback: string,
  least: number,
  most: number,
  meaning: string,
): Key<number> {
  const values = `${String(least)} to ${String(most)}`;
  return {
    fallback,
    meaning,
    values,
    expected: `a whole number, ${values}`,
    parse: (raw) => {
      const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
      return value >= least && value <= most ? value : undefined;
    },
  };
}

/** A key that may be unset: its value is null then. */
export function optional<Value>(key: Key<Value>): Key<Value | null> {
  return { ...key, fallback: '', parse: (raw) => (raw === '' ? null : key.parse(raw)) };
}

/** Written in seconds, parsed into milliseconds. */
export function seconds(
  fallback: string,
  least: number,
  most: number,
  meaning: string,
): Key<number> {
  const range = `${String(least)} to ${String(most)}`;
  return {
    fallback,
    meaning,
    values: `${range} s`,
    expected: `a number of seconds, ${range}`,
    parse: (raw) => {
      const value = /^\d{1,9}(\.\d{1,3})?$/.test(raw) ? Number(raw) : Number.NaN;
      return value >= least && value <= most ? Math.round(value * 1000) : undefined;
    },
  };
}

export function choice<const Choice extends string>(
  fallback: Choice,
  choices: readonly Choice[],
  meaning: string,
): Key<Choice> {
  return {
    fallback,
    meaning,
    values: choices.join(', '),
    expected: `one of ${choices.join(', ')}`,
    parse: (raw) => choices.find((one) => one === raw),
  };
}

export function flag(fallback: 'true' | 'false', meaning: string): Key<boolean> {
  return {
    fallback,
    meaning,
    values: 'true, false',
    expected: 'true or false',
    parse: (raw) => (raw === 'true' ? true : raw === 'false' ? false : undefined),
  };
}

export function list(meaning: string): Key<readonly string[]> {
  return {
    fallback: '',
    meaning,
    values: 'a, b, …',
    expected: 'a list, separated by commas',
    parse: (raw) =>
      raw
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
}

/** A path like `/parley`, without a trailing slash; null where unset. */
export function path(meaning: string): Key<string | null> {
  return {
    fallback: '',
    meaning,
    values: '/…',
    expected: 'a path that begins with / and does not end with it, such as /parley',
    parse: (raw) => {
      if (raw === '') return null;
      return /^(?:\/[\w~-][\w.~-]*)+$/.test(raw) ? raw : undefined;
    },
  };
}

export function url(protocols: readonly string[], meaning: string): Key<string | null> {
  const begin = `${protocols[0] ?? ''}//`;
  return {
    fallback: '',
    meaning,
    values: `${begin}…`,
    expected: `an address that begins with ${begin}`,
    parse: (raw) => {
      if (raw === '') return null;
      return URL.canParse(raw) && protocols.includes(new URL(raw).protocol) ? raw : undefined;
    },
  };
}
