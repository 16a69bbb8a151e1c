import { effect, signal } from '@preact/signals';
import { readText, writeText } from '../session/storage.js';
import { english, type Texts } from './english.js';

/** What each language calls itself. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'parley.language';

/** The language of the page: what was chosen here before, or what the browser prefers. */
export const language = signal<Language>('en');

/** What the page says, in its language. */
export const texts = signal<Texts>(english);

/** What was asked for last. */
let wanted: Language = 'en';

/** Speaks as was chosen or is preferred. Resolves when it can be shown. */
export function beginLanguage(): Promise<void> {
  return speak(preferred());
}

export async function choose(next: Language): Promise<void> {
  writeText('browser', KEY, next);
  await speak(next);
}

/** Follows what is chosen in other tabs: a person has one language. */
export function followLanguage(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === KEY && isLanguage(event.newValue)) void speak(event.newValue);
  });
}

/** Tells the browser, for hyphenation, fonts and screen readers. */
export function announceLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  });
}

/** Chinese is loaded by those who read it. Where that fails, the page goes on in its language. */
async function speak(next: Language): Promise<void> {
  wanted = next;
  const loaded = next === 'en' ? english : await loadChinese();
  if (loaded === null || wanted !== next) return;
  texts.value = loaded;
  language.value = next;
}

async function loadChinese(): Promise<Texts | null> {
  try {
    return (await import('./chinese.js')).chinese;
  } catch {
    return null;
  }
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
