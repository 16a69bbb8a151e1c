import { beforeEach, describe, expect, it } from '@jest/globals';
import { LimitExchange } from './limit-exchange.js';
import { SharedBuckets } from './shared-buckets.js';
import { HandClock } from '../../../test/support/hand-clock.js';

/** Nodes that hear of each other when the test says so. */
class Wire {
  private readonly hearers: ((key: string, amount: number) => void)[] = [];
  private told: { readonly from: number; readonly key: string; readonly amount: number }[] = [];

  end(): LimitExchange {
    const { hearers } = this;
    const at = hearers.length;
    const tell = (key: string, amount: number): void => {
      this.told.push({ from: at, key, amount });
    };
    return new (class extends LimitExchange {
      override tell(_scope: string, key: string, amount: number): void {
        tell(key, amount);
      }

      override hear(_scope: string, listener: (key: string, amount: number) => void): void {
        hearers.push(listener);
      }

      override offer(): void {
        return;
      }

      override elsewhere(): number {
        return 0;
      }
    })();
  }

  carry(): number {
    const told = this.told;
    this.told = [];
    for (const { from, key, amount } of told) {
      for (const [at, hear] of this.hearers.entries()) if (at !== from) hear(key, amount);
    }
    return told.length;
  }
}

describe('A limit over several nodes', () => {
  let clock: HandClock;
  let wire: Wire;
  let nodes: SharedBuckets[];

  const start = (tellBelow: number): void => {
    const limit = { scope: 'message', perSecond: 20, burst: 40, tellBelow };
    nodes = Array.from({ length: 3 }, () => new SharedBuckets(clock, wire.end(), limit));
  };

  /** Spends on every node, ten times a second. @returns how much was admitted */
  const press = (seconds: number): number => {
    let passed = 0;
    for (let turn = 0; turn < seconds * 10; turn++) {
      clock.time += 100;
      for (const node of nodes) for (let i = 0; i < 10; i++) if (node.take('ann') === 0) passed++;
      wire.carry();
    }
    return passed;
  };

  beforeEach(() => {
    clock = new HandClock();
    wire = new Wire();
  });

  it('lets one key have no more of all nodes, in the long run, than of one', () => {
    start(0.5);
    press(10);
    expect(press(10)).toBeLessThanOrEqual(20 * 10 * 1.1);
  });

  it('lets one key have at most a bucket of each node at once', () => {
    start(1);
    expect(press(1)).toBeLessThanOrEqual(3 * 40 + 20);
  });

  it('is not lower on several nodes for who spends what one may', () => {
    start(1);
    let refused = 0;
    for (let turn = 0; turn < 600; turn++) {
      clock.time += 50;
      if (nodes[turn % 3]?.take('ann') !== 0) refused++;
      wire.carry();
    }
    expect(refused).toBe(0);
  });

  it('says nothing of those who are far from it', () => {
    start(0.5);
    for (let key = 0; key < 100; key++) for (let i = 0; i < 10; i++) nodes[0]?.take(`key ${key}`);
    expect(wire.carry()).toBe(0);
  });

  it('frees a key soon after the others have stopped', () => {
    start(1);
    press(60);
    clock.time += 2_100;
    expect(nodes.map((node) => node.take('ann'))).toEqual([0, 0, 0]);
  });
});
