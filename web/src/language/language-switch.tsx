import { choose, language, LANGUAGES, TEXTS, texts } from './language.js';

/** Each language in its own name, for somebody who cannot read the other one. */
export function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={texts.value.language}>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={language.value === one}
          onClick={() => {
            choose(one);
          }}
        >
          {TEXTS[one].languageName}
        </button>
      ))}
    </div>
  );
}
