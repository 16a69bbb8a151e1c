import type { RefusalCode } from '@parley/protocol';
import { CHINESE } from './chinese.js';
import { ENGLISH } from './english.js';
import type { Language, NoticeCode } from './language.js';

export const LOCALES = ['en', 'zh'] as const;

/** The language of the texts that the service itself writes for people. */
export type Locale = (typeof LOCALES)[number];

const LANGUAGES: Readonly<Record<Locale, Language>> = { en: ENGLISH, zh: CHINESE };

export function refusalText(locale: Locale, code: RefusalCode): string {
  return LANGUAGES[locale].refusals[code];
}

/** @param name replaces `{name}` in the notice, verbatim and once */
export function noticeText(locale: Locale, code: NoticeCode, name = ''): string {
  return LANGUAGES[locale].notices[code].replace('{name}', () => name);
}
