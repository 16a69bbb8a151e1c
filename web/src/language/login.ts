import { computed } from '@preact/signals';
import { language } from './language.js';
import { LOGIN_TEXTS, type LoginTexts } from './login-texts.js';

/** What the login says, in the language of the page. */
export const loginTexts = computed<LoginTexts>(() => LOGIN_TEXTS[language.value]);
