import { addressEnd, UNSPACED, withoutSentence } from './address-end.js';

/** A piece of a message's text. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

interface Found {
  /** Null: there is nothing to follow before `next`. */
  readonly link: { readonly start: number; readonly end: number; readonly href: string } | null;
  /** Where to look for the next one. */
  readonly next: number;
}

/** Where an address may begin, or, for mail, where its middle is. */
const SIGN = /https?:\/\/|www\.|@/gi;
/** What no address stands directly behind: it would be the end of another word. */
const IN_A_WORD = /[a-z0-9]/i;
const IN_A_HOST = /[a-z0-9.\-/@:]/i;
const MAILBOX = new RegExp(
  `(?<=^|${UNSPACED.source}|[^\\p{L}\\p{M}\\p{N}/@.+~-])` +
    "[a-z0-9_](?:[a-z0-9._+'~-]{0,62}[a-z0-9_+~-])?$",
  'iu',
);
const MOST_MAILBOX = 64;
const MAIL_HOST = /[\p{L}\p{M}\p{N}.-]{1,255}/uy;
const LAST_LABEL = /\.(?:xn--[a-z0-9-]+|\p{L}[\p{L}\p{M}]+)$/iu;

/**
 * Finds the addresses in a text: of the web, with `www.` or a scheme, and of mail. Joined, the
 * pieces are the text. No library: those that we know want a space before an address, which Chinese
 * and Japanese do not write, and each would be a fifth of the page's script.
 */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  let next = 0;
  for (const { index, 0: sign } of text.matchAll(SIGN)) {
    if (index < next) continue;
    const found = sign === '@' ? mailAt(text, index, done) : webAt(text, index, sign);
    next = found.next;
    if (found.link === null) continue;
    const { start, end, href } = found.link;
    if (start > done) pieces.push({ kind: 'text', text: text.slice(done, start) });
    pieces.push({ kind: 'link', text: text.slice(start, end), href });
    done = end;
  }
  if (done < text.length) pieces.push({ kind: 'text', text: text.slice(done) });
  return pieces;
}

function webAt(text: string, start: number, sign: string): Found {
  const isBare = sign.toLowerCase() === 'www.';
  const from = start + sign.length;
  const isInside = (isBare ? IN_A_HOST : IN_A_WORD).test(text[start - 1] ?? '');
  if (isInside) return { link: null, next: from };
  const { end, scanned } = addressEnd(text, start, from);
  const address = text.slice(start, end);
  const url = urlOf(isBare ? `https://${address}` : address);
  const isNamed = !isBare || /^www\.[^.]+\.[^.]/.test(url?.hostname ?? '');
  // A name before the host is the oldest way to look like another site.
  const isPlain = !/^[^/?#]*@/.test(address.slice(sign.length));
  if (url === null || !isNamed || !isPlain) return { link: null, next: scanned };
  return { link: { start, end, href: url.href }, next: end };
}

/** @param done what comes before belongs to another address */
function mailAt(text: string, at: number, done: number): Found {
  const nothing = { link: null, next: at + 1 };
  const [mailbox] = MAILBOX.exec(text.slice(Math.max(0, at - MOST_MAILBOX - 1), at)) ?? [];
  if (mailbox === undefined || mailbox.includes('..') || at - mailbox.length < done) return nothing;
  MAIL_HOST.lastIndex = at + 1;
  const [run = ''] = MAIL_HOST.exec(text) ?? [];
  if (text[at + 1 + run.length] === '@') return nothing;
  const host = withoutSentence(run).replace(/[.-]+$/, '');
  const url = urlOf(`https://${host}`);
  if (url === null || !LAST_LABEL.test(host) || host.includes('..')) return nothing;
  const [start, end] = [at - mailbox.length, at + 1 + host.length];
  return { link: { start, end, href: `mailto:${mailbox}@${url.hostname}` }, next: end };
}

/** @returns null for what is no address of the web */
function urlOf(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}
