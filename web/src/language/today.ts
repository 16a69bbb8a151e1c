import { signal } from '@preact/signals';
import { dayOf, untilNextDay } from './day.js';

/** A timer stands still while the machine sleeps, and knows nothing of a journey. */
const LOOK_EVERY_MS = 60_000;

const current = signal(Date.now());

/** Some moment of the day that it is here; it changes when another day begins. */
export const today: { readonly value: number } = current;

/** Looks at the clock at midnight, each minute, and when the page is looked at. */
export function keepToday(): void {
  const look = (): void => {
    const now = Date.now();
    if (dayOf(now) !== dayOf(current.value)) current.value = now;
  };
  const wait = (): void => {
    setTimeout(
      () => {
        look();
        wait();
      },
      Math.min(untilNextDay(Date.now()), LOOK_EVERY_MS),
    );
  };
  document.addEventListener('visibilitychange', look);
  wait();
}
