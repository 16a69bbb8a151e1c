import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Signal, SignalBus, SignalTopic } from '../../src/presence/signal-bus.js';
import { bounded } from '../support/bounded.js';

export interface SignalBusUnderTest {
  /** The buses of two nodes; on one node they are the same one. */
  readonly publisher: SignalBus;
  readonly listener: SignalBus;
  dispose(): Promise<void>;
}

const LOBBY = 'room:lobby';
const OTHER_ROOM = 'room:garden';
const BEN_ALONE = 'person:01BEN';

function typing(username: string, details: Signal['details'] = {}): Signal {
  const person = { id: `id of ${username}`, username };
  return { kind: 'typing', person, time: 1_790_000_000_000, details };
}

type Heard = readonly [SignalTopic, Signal];

export function signalBusContract(open: () => Promise<SignalBusUnderTest>): void {
  describe('SignalBus', () => {
    let bus: SignalBusUnderTest;

    beforeEach(async () => {
      bus = await open();
      await bus.listener.follow(LOBBY);
    });

    afterEach(() => bus.dispose());

    /** Resolves with what has come when so many signals have. */
    function arrivals(count: number, on = bus.listener): Promise<readonly Heard[]> {
      const come: Heard[] = [];
      const all = new Promise<readonly Heard[]>((resolve) => {
        on.subscribe((...heard) => {
          come.push(heard);
          if (come.length === count) resolve(come);
        });
      });
      return bounded(all, `${count} signals`, () => JSON.stringify(come));
    }

    it('carries a signal unaltered, with its topic', async () => {
      const signal = typing('鲍勃', { conversation: 'room:lobby', seq: 7, text: '\u0000"\u2028' });
      const arrived = arrivals(1);
      bus.publisher.publish(LOBBY, signal);
      expect(await arrived).toEqual([[LOBBY, signal]]);
    });

    it('tells the subscribers of the node that says it before it returns, followed or not', () => {
      const heard: Heard[] = [];
      bus.publisher.subscribe((...one) => heard.push(one));
      bus.publisher.publish(OTHER_ROOM, typing('ann'));
      expect(heard).toEqual([[OTHER_ROOM, typing('ann')]]);
    });

    it('brings what is for one person to whoever follows that person', async () => {
      await bus.listener.follow(BEN_ALONE);
      const arrived = arrivals(1);
      bus.publisher.publish(BEN_ALONE, { ...typing('ben', { seq: 3 }), kind: 'read' });
      expect(await arrived).toMatchObject([[BEN_ALONE, { kind: 'read', details: { seq: 3 } }]]);
    });

    it('spares publisher and other subscribers the failure of one', async () => {
      bus.listener.subscribe(() => {
        throw new Error('a subscriber that fails on purpose');
      });
      const arrived = arrivals(2);
      bus.publisher.publish(LOBBY, typing('ann'));
      bus.publisher.publish(LOBBY, typing('ben'));
      expect((await arrived).map(([, { person }]) => person.username).toSorted()).toEqual([
        'ann',
        'ben',
      ]);
    });

    it('tells a subscriber that has ended its subscription nothing more', async () => {
      const seen: string[] = [];
      const end = bus.listener.subscribe(() => seen.push('ended'));
      end();
      end();
      const arrived = arrivals(1);
      bus.publisher.publish(LOBBY, typing('ann'));
      await arrived;
      expect(seen).toEqual([]);
    });

    it('ends with one unfollow what was followed twice, and can be followed again', async () => {
      await bus.listener.follow(BEN_ALONE);
      await bus.listener.follow(BEN_ALONE);
      bus.listener.unfollow(BEN_ALONE);
      await bus.listener.follow(BEN_ALONE);
      const arrived = arrivals(1);
      bus.publisher.publish(BEN_ALONE, typing('ben'));
      expect(await arrived).toHaveLength(1);
    });
  });
}
