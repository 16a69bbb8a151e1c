import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal } from '../../src/chat/log/journal.js';
import { loadSettings } from '../../src/config/load.js';
import { MemoryMessageBus } from '../../src/engines/memory/memory-message-bus.js';
import type { Person } from '../../src/kernel/person.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { Turn } from '../../src/kernel/turn.js';
import { HandClock } from '../support/hand-clock.js';
import { say } from './drafts.js';
import { EmbeddedEngine } from './embedded-engine.js';
import { join } from './people.js';

describe('The journal', () => {
  let engine: EmbeddedEngine;
  let ann: Person;
  let clock: HandClock;
  let turn: Turn;
  let journal: Journal;

  beforeEach(async () => {
    engine = await EmbeddedEngine.open();
    ann = await join(engine, 'ann');
    clock = new HandClock();
    turn = new Turn(clock, new SystemScheduler());
    const settings = loadSettings({ NODE_ENV: 'test' });
    journal = new Journal(engine.log, new MemoryMessageBus(), clock, turn, settings);
  });

  afterEach(async () => {
    await journal.close();
    await engine.dispose();
  });

  async function write(text: string): Promise<number> {
    const { seq } = await journal.write(say(ann, text), 'here');
    return seq;
  }

  it('gathers what one turn brings', async () => {
    const seqs = [write('one'), write('two'), write('three')];

    expect(journal.length).toBe(3);
    expect(await Promise.all(seqs)).toEqual([1, 2, 3]);
  });

  it('does not wait for the end of a turn that lasts: a crowd holds nobody up', async () => {
    turn.look();
    clock.time = 11;
    const first = write('amid a crowd');

    expect(journal.length).toBe(0);
    const next = write('while that is being written');
    expect(journal.length).toBe(1);
    expect(await Promise.all([first, next])).toEqual([1, 2]);
  });

  it('writes each draft once where a turn becomes long behind the first', async () => {
    const first = write('early in the turn');
    clock.time = 11;
    const next = write('late in it');

    expect(journal.length).toBe(0);
    expect(await Promise.all([first, next])).toEqual([1, 2]);
    expect(await write('in the next one')).toBe(3);
  });
});
