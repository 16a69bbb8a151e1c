import { describe, expect, it } from '@jest/globals';
import { HandClock, settled } from '../../test/support/hand-clock.js';
import { SystemScheduler } from './scheduler.js';

const fail = (): never => {
  throw new Error('it was cancelled');
};
const never = new Promise<string>(() => undefined);

describe('A wait within bounds', () => {
  it('brings what is awaited, and leaves no timer behind', async () => {
    const clock = new HandClock();
    const soon = clock.pause(99).then(() => 'soon');
    const bounded = clock.within(100, soon, () => 'late');
    expect(clock.waiting).toBe(2);
    clock.advance(99);
    expect(await bounded).toBe('soon');
    expect(clock.waiting).toBe(0);
  });

  it.each<[string, () => string, string]>([
    ['what is said for it', () => 'late', 'late'],
    [
      'the error that is thrown for it',
      () => {
        throw new Error('no answer');
      },
      'no answer',
    ],
  ])('ends at its time with %s', async (_, late, outcome) => {
    const clock = new HandClock();
    let ended = '';
    clock.within(100, never, late).then(
      (value) => (ended = value),
      (error: unknown) => (ended = (error as Error).message),
    );
    await clock.pass(99);
    expect(ended).toBe('');
    await clock.pass(1);
    expect(ended).toBe(outcome);
  });

  it('fails as what is awaited fails, and leaves no timer behind', async () => {
    const clock = new HandClock();
    const failure = Promise.reject(new Error('on purpose'));
    await expect(clock.within(100, failure, () => 'late')).rejects.toThrow('on purpose');
    expect(clock.waiting).toBe(0);
  });
});

it("Node's own timers keep no process alive", () => {
  const scheduler = new SystemScheduler();
  const timers = [scheduler.after(1_000, fail), scheduler.every(1_000, fail)];
  expect(timers.map((timer) => (timer as NodeJS.Timeout).hasRef())).toEqual([false, false]);
  for (const timer of timers) scheduler.cancel(timer);
});

describe.each([
  ["Node's own timers", () => ({ scheduler: new SystemScheduler(), ahead: waitFor })],
  [
    'The timers of a test',
    () => {
      const clock = new HandClock();
      return { scheduler: clock, ahead: (ms: number) => clock.pass(ms) };
    },
  ],
])('%s', (_, make) => {
  it('run once, again and again, or in the next turn, and not where they were cancelled', async () => {
    const { scheduler, ahead } = make();
    const ran: string[] = [];
    const run = (name: string) => () => ran.push(name);
    const again = scheduler.every(20, run('every'));
    scheduler.after(10, run('after'));
    scheduler.nextTurn(run('next'));
    for (const timer of [
      scheduler.after(5, run('cancelled')),
      scheduler.every(5, run('cancelled')),
      scheduler.nextTurn(run('cancelled')),
      null,
    ]) {
      scheduler.cancel(timer);
      scheduler.cancel(timer);
    }
    expect(ran).toEqual([]);
    while (ran.length < 4) await ahead(20);
    scheduler.cancel(again);
    expect(ran.slice(0, 4).toSorted()).toEqual(['after', 'every', 'every', 'next']);
    const before = ran.length;
    await ahead(40);
    expect(ran).toHaveLength(before);
  });
});

/** Waits until everything due by then has run: a timer set later fires later. */
async function waitFor(ms: number): Promise<void> {
  // The scheduler's timers keep no process alive: this one has to.
  await new Promise((resolve) => setTimeout(resolve, ms));
  await settled();
}
