import { computed } from '@preact/signals';
import { dayBefore, dayOf } from './day.js';
import { language, texts } from './language.js';
import { today } from './today.js';

const formats = computed(() => {
  const locale = language.value === 'zh' ? 'zh-CN' : 'en-GB';
  return {
    clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
    day: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
    dayOfYear: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
  };
});

/** All times are milliseconds since the epoch, shown in the reader's time zone. */
export function clockText(time: number): string {
  return formats.value.clock.format(time);
}

export function fullText(time: number): string {
  return formats.value.full.format(time);
}

/**
 * The day as people say it: today, yesterday, a weekday and date; with the year of another one.
 * Whoever reads it in a component is drawn again when another day begins.
 */
export function dayText(time: number): string {
  const now = today.value;
  if (dayOf(time) === dayOf(now)) return texts.value.today;
  if (dayOf(time) === dayBefore(now)) return texts.value.yesterday;
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return isThisYear ? formats.value.day.format(time) : formats.value.dayOfYear.format(time);
}
