import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LiveEvent } from '../../src/chat/log/event.js';
import type { MessageBus } from '../../src/chat/log/message-bus.js';
import { personTopic, roomTopic } from '../../src/chat/conversations/key.js';
import { ROOM, say, stored, whisper } from './drafts.js';

export interface BusUnderTest {
  /** The buses of several nodes; on one node it is the same one. */
  readonly publisher: MessageBus;
  readonly listener: MessageBus;
  dispose(): Promise<void>;
}

const ALICE = { id: '01ALICE', username: 'Alice' };
const BOB = { id: '01BOB', username: '鲍勃' };

function batchOf(...texts: string[]): LiveEvent[] {
  return texts.map((text, index) => ({
    ...stored(say(ALICE, text), index + 1),
    origin: 'node.1',
  }));
}

export function messageBusContract(open: () => Promise<BusUnderTest>): void {
  describe('MessageBus', () => {
    let bus: BusUnderTest;

    beforeEach(async () => {
      bus = await open();
      await Promise.all([
        bus.publisher.follow(roomTopic(ROOM)),
        bus.listener.follow(roomTopic(ROOM)),
      ]);
    });

    afterEach(() => bus.dispose());

    /** Resolves with what has come when so many batches have. */
    function arrivals(count: number, on = bus.listener): Promise<(readonly LiveEvent[])[]> {
      return new Promise((resolve) => {
        const come: (readonly LiveEvent[])[] = [];
        on.subscribe((batch) => {
          come.push(batch);
          if (come.length === count) resolve(come);
        });
      });
    }

    it('carries a batch unaltered', async () => {
      const batch = batchOf('one', '二', '\u0000 "quoted" \u2028');
      const arrived = arrivals(1);
      await bus.publisher.publish(batch);
      expect(await arrived).toEqual([batch]);
    });

    it('carries batches in order', async () => {
      const batches = Array.from({ length: 200 }, (_, index) => batchOf(`number ${index}`));
      const arrived = arrivals(batches.length);
      await Promise.all(batches.map((batch) => bus.publisher.publish(batch)));
      expect(await arrived).toEqual(batches);
    });

    it('brings a batch to every subscriber, on the node that published it too', async () => {
      const all = [arrivals(1), arrivals(1), arrivals(1, bus.publisher)];
      await bus.publisher.publish(batchOf('one'));
      for (const arrived of await Promise.all(all)) expect(arrived).toHaveLength(1);
    });

    it('brings what is said in private to whoever follows one of the two', async () => {
      const batch = [{ ...stored(whisper(ALICE, BOB, 'psst'), 1), origin: 'node.1' }];
      for (const person of [ALICE, BOB]) {
        await bus.listener.follow(personTopic(person.id));
        const arrived = arrivals(1);
        await bus.publisher.publish(batch);
        expect(await arrived).toEqual([batch]);
        bus.listener.unfollow(personTopic(person.id));
      }
    });

    it('brings a batch of several conversations whole, in one or more parts', async () => {
      await bus.listener.follow(personTopic(BOB.id));
      const said = batchOf('one', 'two');
      const whispered = { ...stored(whisper(ALICE, BOB, 'psst'), 1), origin: 'node.1' };
      const all = [...said, whispered];
      const come: LiveEvent[] = [];
      const complete = new Promise<void>((resolve) => {
        bus.listener.subscribe((batch) => {
          come.push(...batch);
          if (come.length === all.length) resolve();
        });
      });
      await bus.publisher.publish([said[0], whispered, said[1]].filter((one) => one !== undefined));
      await complete;
      expect(come.filter((event) => event.conversation === ROOM)).toEqual(said);
      expect(come).toContainEqual(whispered);
    });

    it('carries a batch of a megabyte', async () => {
      const batch = batchOf(...Array.from({ length: 300 }, () => '文'.repeat(1_200)));
      const come: LiveEvent[] = [];
      const complete = new Promise<void>((resolve) => {
        bus.listener.subscribe((part) => {
          come.push(...part);
          if (come.length === batch.length) resolve();
        });
      });
      await bus.publisher.publish(batch);
      await complete;
      expect(come).toEqual(batch);
    });

    it('publishes where nobody listens', async () => {
      await expect(bus.publisher.publish(batchOf('one'))).resolves.toBeUndefined();
    });

    it('brings nothing to a subscriber that has ended its subscription', async () => {
      const seen: string[] = [];
      const end = bus.listener.subscribe(() => seen.push('ended'));
      end();
      end();
      const arrived = arrivals(1);
      await bus.publisher.publish(batchOf('one'));
      await arrived;
      expect(seen).toEqual([]);
    });

    it('spares publisher and other subscribers the failure of one', async () => {
      bus.listener.subscribe(() => {
        throw new Error('a subscriber that fails on purpose');
      });
      const arrived = arrivals(2);
      await expect(bus.publisher.publish(batchOf('one'))).resolves.toBeUndefined();
      await bus.publisher.publish(batchOf('two'));
      expect((await arrived).map(([event]) => event?.body)).toEqual(['one', 'two']);
    });

    it('keeps the order where a subscriber publishes in turn', async () => {
      const published: Promise<void>[] = [];
      const end = bus.listener.subscribe(() => {
        end();
        published.push(bus.publisher.publish(batchOf('answer')));
      });
      const arrived = arrivals(2);
      await bus.publisher.publish(batchOf('question'));
      expect((await arrived).map(([event]) => event?.body)).toEqual(['question', 'answer']);
      await Promise.all(published);
    });
  });
}
