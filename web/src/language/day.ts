/**
 * The same text for all times of one day in the reader's time zone, another for every other day.
 * @param time milliseconds since the epoch
 */
export function dayOf(time: number): string {
  return new Date(time).toDateString();
}

/** The day before that of `time`, by the calendar: a day may have 23 or 25 hours. */
export function dayBefore(time: number): string {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1, 12).toDateString();
}

/** Milliseconds from `time` to the first moment of the next day. */
export function untilNextDay(time: number): number {
  const date = new Date(time);
  const next = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
  return next.getTime() - time;
}
