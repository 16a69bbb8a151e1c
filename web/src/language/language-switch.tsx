import { choose, language, LANGUAGES, type Language, texts } from './language.js';

/** Each language in its own name, for somebody who cannot read the other one. */
export function LanguageSwitch() {
  return (
    <div class="languages" role="group" aria-label={texts.value.language}>
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={language.value === one}
          onClick={() => {
            void choose(one);
          }}
        >
          {LANGUAGES[one]}
        </button>
      ))}
    </div>
  );
}
