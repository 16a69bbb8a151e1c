/** The name of something that a client draws by itself. */
const NAME = /^:[\p{L}\p{N}_+-]{1,32}:$/u;
const LONGEST = 64;
/** Shows a sign as an emoji that would else be shown as text. */
const AS_EMOJI = '\uFE0F';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Whether a text is an emoji that is meant to be used (RGI). By its constructor, since a runtime
 * that does not know it would not read the file otherwise.
 */
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/**
 * Emoji that are newer than this runtime's Unicode: a picture, with what may follow it.
 */
const LATER_EMOJI =
  /^\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*(?:\u200D\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]*)*$/u;

/** What was read lately: most of a crowd react with the same few. */
const latest = new Map<string, string | null>();
const MOST_LATEST = 1_000;

/**
 * One emoji, or `:name:`.
 * @returns as it is stored; null where it is neither
 */
export function readReactionKey(given: string): string | null {
  if (given.length > LONGEST) return null;
  const known = latest.get(given);
  if (known !== undefined) return known;
  const key = keyOf(given);
  if (latest.size >= MOST_LATEST) latest.clear();
  latest.set(given, key);
  return key;
}

function keyOf(given: string): string | null {
  if (NAME.test(given) || EMOJI.test(given)) return given;
  if (EMOJI.test(given + AS_EMOJI)) return given + AS_EMOJI;
  return LATER_EMOJI.test(given) && isOneGrapheme(given) ? given : null;
}

function isOneGrapheme(text: string): boolean {
  const [first] = graphemes.segment(text);
  return first?.segment === text;
}
