import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConversationKey } from '../../src/chat/conversations/key.js';
import { roomKey } from '../../src/chat/conversations/key.js';
import { LogFollower } from '../../src/chat/feed/log-follower.js';
import type { MessageBus } from '../../src/chat/log/message-bus.js';
import { MemoryMessageBus } from '../../src/engines/memory/memory-message-bus.js';
import { SystemClock } from '../../src/kernel/clock.js';
import type { Person } from '../../src/kernel/person.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { until } from '../support/bounded.js';
import { freshDatabase } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';
import { many, oneTo, ROOM, say, stored, whisper } from './drafts.js';
import { EmbeddedEngine } from './embedded-engine.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { join, newId } from './people.js';
import { PostgresEngine } from './postgres-engine.js';

const PROGRAM = fileURLToPath(new URL('follow-until-killed.ts', import.meta.url));
const NAME = 'search';
/** A lease, the time until somebody asks for the claim, and some more for a busy machine. */
const HEIR_MS = 40_000;

/** What one run of a follower has handled, in its order. */
class Handled {
  readonly numbers = new Map<ConversationKey, number[]>();

  add(conversation: ConversationKey, seq: number): void {
    const known = this.numbers.get(conversation) ?? [];
    this.numbers.set(conversation, known);
    // In the order of the numbers, without a gap, each once.
    expect(seq).toBe((known.at(-1) ?? seq - 1) + 1);
    known.push(seq);
  }

  of(conversation: ConversationKey): readonly number[] {
    return this.numbers.get(conversation) ?? [];
  }

  get count(): number {
    return [...this.numbers.values()].reduce((sum, { length }) => sum + length, 0);
  }
}

interface Run {
  readonly follower: LogFollower;
  readonly handled: Handled;
}

/** @param bus one that brings nothing where nothing is said: the node hears of no message */
function follow(engine: EngineUnderTest, bus: MessageBus = deafBus()): Run {
  const handled = new Handled();
  const follower = new LogFollower(
    {
      ...{ cursors: engine.cursors, log: engine.log, bus },
      ...{ clock: new SystemClock(), scheduler: new SystemScheduler() },
    },
    {
      name: NAME,
      handle: (events) => {
        for (const { conversation, seq } of events) handled.add(conversation, seq);
        return Promise.resolve();
      },
    },
    newId(),
  );
  follower.start();
  return { follower, handled };
}

/** As between nodes: what is said elsewhere may be said nowhere here. */
function deafBus(): MessageBus {
  return Object.assign(new MemoryMessageBus(), { isLossless: false });
}

/** Lets a process follow until it has handled so many events, and kills it. */
async function followAndKill(
  place: string,
  count: number,
  then: (handled: Handled) => Promise<void> = () => Promise.resolve(),
): Promise<Handled> {
  const child = spawn(process.execPath, [PROGRAM, place, NAME], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const handled = new Handled();
  for await (const line of createInterface({ input: child.stdout })) {
    const [conversation, seq] = JSON.parse(line) as [ConversationKey, number];
    handled.add(conversation, seq);
    if (handled.count === count) {
      await then(handled);
      child.kill('SIGKILL');
    }
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return handled;
}

function followedOn(kind: string, open: () => Promise<EngineUnderTest & { place: string }>): void {
  describe(`A follower of the log on ${kind}`, () => {
    let engine: Awaited<ReturnType<typeof open>>;
    let alice: Person;
    let bob: Person;
    let runs: Run[];

    beforeEach(async () => {
      engine = await open();
      [alice, bob] = [await join(engine, 'Alice'), await join(engine, 'Bob')];
      runs = [];
      await engine.cursors.register(NAME, 'first');
    });

    afterEach(async () => {
      for (const { follower } of runs) await follower.stop();
      await engine.dispose();
    });

    function run(bus?: MessageBus): Run {
      const one = follow(engine, bus);
      runs.push(one);
      return one;
    }

    async function stopAll(): Promise<void> {
      for (const { follower } of runs.splice(0)) await follower.stop();
    }

    function caughtUp({ handled }: Run, count: number, ms?: number): Promise<true> {
      return until(
        () => Promise.resolve(handled.count >= count ? true : null),
        `${count} events`,
        () => `${handled.count}`,
        ms,
      );
    }

    it('goes on after a restart where it stood, in every conversation', async () => {
      const rooms = oneTo(20).map((n) => roomKey(`room ${n}`));
      const everywhere = () => rooms.map((conversation) => say(alice, 'hi', { conversation }));
      await engine.log.append([...many(alice, 500), ...everywhere(), whisper(alice, bob, 'hi')]);
      const before = run();
      await caughtUp(before, 521);
      expect(before.handled.of(ROOM)).toEqual(oneTo(500));
      await stopAll();
      await engine.log.append([...many(bob, 300), ...everywhere()]);
      await engine.reopen();
      const after = run();
      await caughtUp(after, 320);
      expect(after.handled.of(ROOM)).toEqual(oneTo(300).map((n) => n + 500));
      expect(rooms.map((room) => after.handled.of(room))).toEqual(rooms.map(() => [2]));
      expect(after.handled.count).toBe(320);
    });

    it('is woken by what the bus brings', async () => {
      const bus = new MemoryMessageBus();
      const one = run(bus);
      await until(
        () => Promise.resolve(one.follower.isFollowing || null),
        'the claim',
        () => 'none',
      );
      for (const seq of oneTo(20)) {
        const draft = say(alice, 'hello');
        await engine.log.append([draft]);
        await bus.publish([{ ...stored(draft, seq), origin: '' }]);
      }
      // By the next round of the sweep it would come in half a minute.
      await caughtUp(one, 20);
      expect(one.handled.of(ROOM)).toEqual(oneTo(20));
    });

    it('stands still on a node while another one follows, and takes over when that one stops', async () => {
      const first = run();
      await engine.log.append(many(alice, 50));
      await caughtUp(first, 50);
      const second = run();
      await engine.log.append(many(alice, 50));
      await caughtUp(first, 100);
      expect([second.handled.count, second.follower.isFollowing]).toEqual([0, false]);
      await first.follower.stop();
      await engine.log.append(many(alice, 50));
      await caughtUp(second, 50);
      expect(second.handled.of(ROOM)).toEqual(oneTo(50).map((n) => n + 100));
      expect(first.handled.of(ROOM)).toEqual(oneTo(100));
    });
  });
}

followedOn('the embedded database', async () => {
  const engine = await EmbeddedEngine.open();
  return Object.assign(engine, { place: engine.folder });
});

describeWith('postgresql', 'on PostgreSQL', () => {
  followedOn('PostgreSQL', async () => {
    const engine = await PostgresEngine.open();
    return Object.assign(engine, { place: engine.url });
  });

  it('A follower whose node is killed goes on on another one where it stopped, at least once', async () => {
    const url = await freshDatabase();
    const [writer, heir] = [await PostgresEngine.over(url), await PostgresEngine.over(url)];
    const alice = await join(writer, 'Alice');
    await writer.cursors.register(NAME, 'first');
    await writer.log.append(many(alice, 100));
    let run: Run | null = null;
    const killed = await followAndKill(url, 100, async () => {
      run = follow(heir);
      await writer.log.append(many(alice, 400));
      expect(run.handled.count).toBe(0);
    });
    const { follower, handled } = run as unknown as Run;
    await until(
      () => Promise.resolve(handled.of(ROOM).at(-1) === 500 || null),
      'the last event',
      () => `${handled.of(ROOM).at(-1)}`,
      HEIR_MS,
    );
    const [begun = 0] = handled.of(ROOM);
    const ended = killed.of(ROOM).length;
    // Nothing is left out; what comes again is what the killed one had not noted yet.
    expect(begun).toBeLessThanOrEqual(ended + 1);
    expect(begun).toBeGreaterThan(ended - 10);
    await follower.stop();
    await Promise.all([writer.dispose(), heir.dispose()]);
  });
});

it('A follower on the embedded database that is killed goes on at the next start, at once', async () => {
  const engine = await EmbeddedEngine.create();
  const alice = await join(engine, 'Alice');
  await engine.cursors.register(NAME, 'first');
  await engine.log.append(many(alice, 1_000));
  await engine.dispose();
  let ended = 0;
  for (const count of [10, 100, 300]) {
    const handled = await followAndKill(engine.folder, count);
    const [begun = 0] = handled.of(ROOM);
    expect(begun).toBeLessThanOrEqual(ended + 1);
    expect(begun).toBeGreaterThan(ended - 10);
    ended = handled.of(ROOM).at(-1) ?? 0;
  }
});
