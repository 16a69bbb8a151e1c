import { computed, effect, signal } from '@preact/signals';
import { readText, writeText } from '../session/storage.js';
import { chinese } from './chinese.js';
import { english, type Texts } from './english.js';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEY = 'parley.language';

/** The language of the page: what was chosen here before, or what the browser prefers. */
export const language = signal<Language>(preferred());

/** What the page says, in its language. */
export const texts = computed<Texts>(() => TEXTS[language.value]);

export const TEXTS: Readonly<Record<Language, Texts>> = { en: english, zh: chinese };

export function choose(next: Language): void {
  language.value = next;
  writeText('browser', KEY, next);
}

/** Follows what is chosen in other tabs: a person has one language. */
export function followLanguage(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === KEY && isLanguage(event.newValue)) language.value = event.newValue;
  });
}

/** Tells the browser, for hyphenation, fonts and screen readers. */
export function announceLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  });
}

function preferred(): Language {
  const chosen = readText('browser', KEY);
  if (isLanguage(chosen)) return chosen;
  const wanted = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag));
  return wanted?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en';
}

function isLanguage(text: string | null): text is Language {
  return text === 'en' || text === 'zh';
}
