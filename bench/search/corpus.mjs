// Messages as people write them, as far as an index cares: a third Chinese, words by Zipf's law.

/** Mulberry32: the same corpus in each run. @param {number} seed */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LETTERS = 'etaoinshrdlcumwfgypbvk';

/** @param {number} rank */
export function wordOf(rank) {
  let word = '';
  for (let rest = rank + 22; rest > 0; rest = Math.floor(rest / 22)) word += LETTERS[rest % 22];
  return word;
}

/** @param {number} rank */
export function characterOf(rank) {
  return String.fromCodePoint(0x4e00 + ((rank * 7) % 20_000));
}

/** A rank by Zipf's law: rank r about as often as 1/r. @param {() => number} random @param {number} count */
function zipf(random, count) {
  return Math.min(count - 1, Math.floor(Math.exp(random() * Math.log(count + 1))) - 1);
}

/** @param {() => number} random */
export function textOf(random) {
  const isChinese = random() < 1 / 3;
  const length = 3 + Math.floor(random() * (isChinese ? 24 : 16));
  const pieces = Array.from({ length }, () =>
    isChinese ? characterOf(zipf(random, 5_000)) : wordOf(zipf(random, 40_000)),
  );
  if (!isChinese) return pieces.join(' ');
  const cut = Math.floor(length / 2);
  return `${pieces.slice(0, cut).join('')}，${pieces.slice(cut).join('')}`;
}

/**
 * @param {number} count
 * @param {number} from when the first is said (ms since the epoch); the last is said a year later
 */
export function* messages(count, from, seed = 1) {
  const random = randomOf(seed);
  const seqs = new Map();
  for (let n = 0; n < count; n++) {
    // Half of it in the lobby, the rest among a thousand pairs.
    const pair = zipf(random, 1_000);
    const [one, other] = [person(pair), person(pair + 1_000)];
    const conversation = random() < 0.5 ? 'room:lobby' : `direct:${one}:${other}`;
    const seq = (seqs.get(conversation) ?? 0) + 1;
    seqs.set(conversation, seq);
    const authorId = conversation === 'room:lobby' ? person(zipf(random, 2_000)) : one;
    const time = from + Math.floor((n / count) * 31_536_000_000);
    yield { conversation, seq, message: { authorId, time, text: textOf(random) } };
  }
}

/** @param {number} number */
export function person(number) {
  return String(number).padStart(26, '0');
}

/** What is looked for, by kind. */
export function queries() {
  const pick = (count, of) => Array.from({ length: count }, (_, n) => of(n));
  return {
    'common word': pick(20, (n) => wordOf(n)),
    'rare word': pick(20, (n) => wordOf(30_000 + n)),
    'no such word': pick(20, (n) => `absent${n}`),
    'one character': pick(20, (n) => characterOf(n)),
    'two characters, common': pick(20, (n) => characterOf(n) + characterOf(n + 1)),
    'two characters, rare': pick(20, (n) => characterOf(n + 200) + characterOf(n + 300)),
    'three characters': pick(20, (n) => characterOf(n) + characterOf(n + 1) + characterOf(n + 2)),
    'two common words': pick(20, (n) => `${wordOf(n)} ${wordOf(n + 1)}`),
    'a word and a character': pick(20, (n) => `${wordOf(n)} ${characterOf(n)}`),
  };
}
