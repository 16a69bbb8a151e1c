import { describe, expect, it } from '@jest/globals';
import { type Asker, HashQueue } from './hash-queue.js';

/** `a1` is the first job of the unfamiliar address a, `H1` the first of the familiar address H. */
function askerOf(job: string): Asker {
  const address = job.charAt(0);
  return { address, isFamiliar: address !== address.toLowerCase() };
}

function fill(capacity: number, jobs: string): { queue: HashQueue<string>; refused: string[] } {
  const queue = new HashQueue<string>(capacity);
  const refused: string[] = [];
  for (const job of jobs.split(' ').filter((one) => one !== '')) {
    const out = queue.push(job, askerOf(job));
    if (out !== null) refused.push(out);
  }
  return { queue, refused };
}

function drain(queue: HashQueue<string>): string {
  const jobs: string[] = [];
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) jobs.push(job);
  return jobs.join(' ');
}

describe('The order of service', () => {
  it.each([
    ['one address: as they came', 'a1 a2 a3', 'a1 a2 a3'],
    ['several: turn by turn', 'a1 a2 a3 b1 c1 b2', 'a1 b1 c1 a2 b2 a3'],
    ['a familiar one: before strangers', 'a1 b1 c1 H1', 'H1 a1 b1 c1'],
    ['familiar ones and strangers: turn by turn', 'a1 b1 H1 H2 I1 H3', 'H1 a1 I1 b1 H2 H3'],
    ['nobody: nothing', '', ''],
  ])('%s', (_what, jobs, order) => {
    const { queue, refused } = fill(10, jobs);
    expect(refused).toEqual([]);
    expect(drain(queue)).toBe(order);
    expect(queue.size).toBe(0);
  });
});

describe('Whoever comes when it is full', () => {
  it.each([
    ['a stranger among strangers with one each: is refused', 'a1 b1 c1 d1', ['d1']],
    ['a stranger who has most: is refused', 'a1 a2 b1 a3', ['a3']],
    ['a stranger: takes the last place of who has two more', 'a1 a2 a3 b1', ['a3']],
    ['a stranger: takes none of who has one more', 'a1 a2 b1 b2', ['b2']],
    ['somebody familiar: takes a stranger’s place [S51]', 'a1 b1 c1 H1', ['a1']],
    ['somebody familiar: takes it from who has most', 'a1 b1 b2 H1', ['b2']],
    ['familiar ones: take all of the strangers’ places', 'a1 b1 c1 H1 I1 J1', ['a1', 'b1', 'c1']],
    ['a stranger: takes nothing of somebody familiar', 'H1 H2 H3 a1', ['a1']],
    ['somebody familiar: takes the last place of who has two more', 'H1 H2 H3 I1', ['H3']],
    ['somebody familiar among familiar ones with one each: is refused', 'H1 I1 J1 K1', ['K1']],
  ])('%s', (_what, jobs, refused) => {
    const filled = fill(3, jobs);
    expect(filled.refused).toEqual(refused);
    expect(filled.queue.size).toBe(3);
  });

  it('is refused where nobody may wait at all', () => {
    expect(fill(0, 'a1 H1').refused).toEqual(['a1', 'H1']);
  });
});
