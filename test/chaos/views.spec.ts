import { describe, expect, it } from '@jest/globals';
import { Views } from './views.js';

describe('What a device of a run has of a room', () => {
  it('is asked for again where a Sync was cut between a Part and the next Join', () => {
    const views = new Views([], false);
    views.welcomed({ market: 0 });
    views.room('market', false).hear(1, 'join', 1);
    views.synced({ market: { seq: 1, complete: true } });
    expect([...views.disconnect()]).toEqual([]);
    expect(views.positions).toEqual({ market: 1 });
    const room = views.room('market', false);
    room.hear(2, 'part', 2);
    expect(views.positions).toEqual({});
    room.hear(3, null, 2);
    expect([...views.disconnect()]).toEqual([]);
    expect(views.positions).toEqual({ market: 3 });
  });

  it('is asked for again up to a Part that came live, ahead of what a Sync that was cut had brought', () => {
    const views = new Views([], false);
    const room = views.room('market', true);
    room.hear(1, 'join', 1);
    expect([...views.disconnect()]).toEqual([]);
    room.hear(4, 'part', 1);
    expect([...views.disconnect()]).toEqual([]);
    expect(views.positions).toEqual({ market: 1 });
  });

  it('is not asked for from the Part on', () => {
    const views = new Views([], false);
    const room = views.room('market', true);
    room.hear(1, 'join', 1);
    room.hear(2, 'part', 1);
    expect([...views.disconnect()]).toEqual([]);
    expect(views.positions).toEqual({});
  });
});
