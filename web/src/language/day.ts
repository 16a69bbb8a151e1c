/**
 * The same text for all times of one day in the reader's time zone, another for every other day.
 * @param time milliseconds since the epoch
 */
export function dayOf(time: number): string {
  return new Date(time).toDateString();
}
