import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { settled } from '../../../test/support/hand-clock.js';
import { Refusal } from '../../kernel/refusal.js';
import { type Mount, Transport, type TransportRequest } from '../wire/transport.js';
import { TransportDoor } from './transport-door.js';

/** A transport on these paths that refuses every request. */
class Stubborn extends Transport {
  readonly asked: string[] = [];

  constructor(private readonly paths: { upgrades?: string; requests?: string }) {
    super();
  }

  override mount(door: Mount): void {
    const { upgrades, requests } = this.paths;
    if (upgrades !== undefined) door.upgrades(upgrades, { accept: () => Promise.resolve() });
    if (requests === undefined) return;
    door.requests(requests, ({ path }) => {
      this.asked.push(path);
      return Promise.reject(new Refusal('method-not-allowed'));
    });
  }
}

/** @returns what the door passed a request on with; null where it did not */
async function knock(door: TransportDoor, path: string): Promise<unknown> {
  const passed: unknown[] = [];
  door.handle({ path } as TransportRequest, {} as ServerResponse, (error) => {
    passed.push(error ?? 'passed on');
  });
  await settled();
  return passed.at(0) ?? null;
}

describe('The door of the transports', () => {
  it('hands requests to whom the path belongs, and passes all others on', async () => {
    const [one, other] = [
      new Stubborn({ requests: '/one/' }),
      new Stubborn({ requests: '/other' }),
    ];
    const door = new TransportDoor([one, other]);
    for (const path of ['/one', '/', '/one/more', '/OTHER']) {
      expect(await knock(door, path)).toBe('passed on');
    }
    expect(await knock(door, '/one/')).toMatchObject({ code: 'method-not-allowed' });
    expect(await knock(door, '/other')).toMatchObject({ code: 'method-not-allowed' });
    expect([one.asked, other.asked]).toEqual([['/one/'], ['/other']]);
  });

  it('knows which paths can be upgraded, and by whom', () => {
    const door = new TransportDoor([new Stubborn({ upgrades: '/one', requests: '/two' })]);
    expect([...door.upgradePaths]).toEqual(['/one']);
    expect(door.takerOfUpgrade('/one')).toBeDefined();
    expect(door.takerOfUpgrade('/two')).toBeUndefined();
  });

  it.each(['upgrades', 'requests'] as const)('does not open where two want the same %s', (kind) => {
    const transports = [new Stubborn({ [kind]: '/one' }), new Stubborn({ [kind]: '/one' })];
    expect(() => new TransportDoor(transports)).toThrow('two transports want /one');
  });
});
