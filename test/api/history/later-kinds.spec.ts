import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { wave } from '../../support/later-version.js';
import { guest, type Tokens } from '../../support/people.js';
import { get, store } from './library.js';

interface Page {
  readonly items: readonly { readonly seq: number; readonly data: string }[];
  readonly head: number;
  readonly next_before: number | null;
  readonly next_after: number | null;
}

describe('A log with events of a kind that only a later version knows', () => {
  let service: RunningApp;
  let ann: Tokens;

  beforeAll(async () => {
    service = await startApp();
    ann = await guest(service, 'ann');
    await store(service, ann.user, ['one']);
    await wave(service, ann.user);
    await store(service, ann.user, ['two']);
    await wave(service, ann.user);
  });

  async function page(query: string): Promise<Page> {
    const response = await get(service, `/rooms/lobby/messages${query}`, ann);
    expect(response.status).toBe(200);
    return (await response.json()) as Page;
  }

  it('is paged without them, and their numbers are not missing from the pages', async () => {
    const whole = await page('');
    expect(whole.items.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 'one'],
      [3, 'two'],
    ]);
    expect(whole).toMatchObject({ head: 4, next_before: null, next_after: null });
  });

  it('is paged to its end one number at a time, in both directions', async () => {
    const forward: (readonly number[])[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { items, next_after } = await page(`?after=${after}&limit=1`);
      forward.push(items.map(({ seq }) => seq));
      after = next_after;
    }
    expect(forward).toEqual([[1], [], [3], []]);
    const back: (readonly number[])[] = [];
    for (let before: number | null = 5; before !== null;) {
      const { items, next_before } = await page(`?before=${before}&limit=1`);
      back.push(items.map(({ seq }) => seq));
      before = next_before;
    }
    expect(back).toEqual([[], [3], [], [1]]);
  });

  it.each([
    ['ndjson', 2],
    ['json', 4],
    ['csv', 3],
    ['txt', 2],
  ])('is exported as %s without them', async (format, lines) => {
    const response = await get(service, `/rooms/lobby/export?format=${format}`, ann);
    const text = await response.text();
    expect(text.trimEnd().split('\n')).toHaveLength(lines);
    expect(text).toMatch(/one[^]*two/);
    expect(text).not.toMatch(/wave|hand/);
    if (format === 'json') expect(JSON.parse(text)).toHaveLength(2);
  });
});
