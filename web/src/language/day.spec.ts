import { describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCE = readFileSync(fileURLToPath(new URL('day.ts', import.meta.url)), 'utf8');
const { code } = transformSync(SOURCE, { jsc: { parser: { syntax: 'typescript' } } });
const MINUTES = 60_000;

interface Day {
  readonly today: string;
  readonly yesterday: string;
  /** Minutes to the next day. */
  readonly left: number;
}

/** What the days are at a time in a time zone: a process has one zone for its life. */
function daysIn(zone: string, times: readonly string[]): readonly Day[] {
  const script = `${code}
    const days = ${JSON.stringify(times)}.map((text) => {
      const now = Date.parse(text);
      const left = untilNextDay(now) / ${String(MINUTES)};
      return { today: dayOf(now), yesterday: dayBefore(now), left };
    });
    console.log(JSON.stringify(days));`;
  const args = ['--input-type=module', '--eval', script];
  const env = { ...process.env, TZ: zone };
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })) as Day[];
}

describe('the days', () => {
  it('have 23 or 25 hours where the clock is changed', () => {
    expect(
      daysIn('Europe/Berlin', [
        // Half past midnight after the day of 23 hours: 24 hours ago it was still the 28th.
        '2026-03-29T22:30:00Z',
        '2026-03-28T23:00:00Z',
        // Half past eleven at night on the day of 25 hours: 24 hours ago it was the 25th, too.
        '2026-10-25T22:30:00Z',
        '2026-10-24T22:00:00Z',
      ]),
    ).toEqual([
      { today: 'Mon Mar 30 2026', yesterday: 'Sun Mar 29 2026', left: 23 * 60 + 30 },
      { today: 'Sun Mar 29 2026', yesterday: 'Sat Mar 28 2026', left: 23 * 60 },
      { today: 'Sun Oct 25 2026', yesterday: 'Sat Oct 24 2026', left: 30 },
      { today: 'Sun Oct 25 2026', yesterday: 'Sat Oct 24 2026', left: 25 * 60 },
    ]);
  });

  it('may lack their midnight, or have it twice', () => {
    // In Beirut the clock goes from midnight to one o'clock, and in autumn back to eleven.
    expect(daysIn('Asia/Beirut', ['2026-03-28T21:30:00Z', '2026-03-29T20:59:00Z'])).toEqual([
      { today: 'Sat Mar 28 2026', yesterday: 'Fri Mar 27 2026', left: 30 },
      { today: 'Sun Mar 29 2026', yesterday: 'Sat Mar 28 2026', left: 1 },
    ]);
    expect(daysIn('Asia/Beirut', ['2026-10-24T20:30:00Z', '2026-10-24T22:30:00Z'])).toEqual([
      { today: 'Sat Oct 24 2026', yesterday: 'Fri Oct 23 2026', left: 90 },
      { today: 'Sun Oct 25 2026', yesterday: 'Sat Oct 24 2026', left: 23 * 60 + 30 },
    ]);
  });

  it('begin a month and a year, and may be left out', () => {
    expect(daysIn('Asia/Shanghai', ['2026-12-31T16:00:00Z'])).toEqual([
      { today: 'Fri Jan 01 2027', yesterday: 'Thu Dec 31 2026', left: 24 * 60 },
    ]);
    // Samoa went over the date line: there was no 30th.
    expect(daysIn('Pacific/Apia', ['2011-12-30T11:00:00Z'])[0]?.today).toBe('Sat Dec 31 2011');
  });
});
