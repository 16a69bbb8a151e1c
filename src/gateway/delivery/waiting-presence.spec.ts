import { describe, expect, it } from '@jest/globals';
import { WaitingPresence } from './waiting-presence.js';

interface Case {
  readonly says: string;
  /** `a10`: room a has to be told at 10. */
  readonly added: string;
  readonly now: number;
  readonly taken: string;
  /** When the next one has to be told. */
  readonly left: number | null;
}

const CASES: readonly Case[] = [
  { says: 'nothing where nothing waits', added: '', now: 99, taken: '', left: null },
  { says: 'no room before its time', added: 'a10', now: 9, taken: '', left: 10 },
  { says: 'a room from its time on', added: 'a10', now: 10, taken: 'a', left: null },
  { says: 'those whose time has come', added: 'a10 b30 c20', now: 20, taken: 'a c', left: 30 },
  { says: 'a room by its earliest time', added: 'a30 a10 a20', now: 10, taken: 'a', left: null },
];

describe('Presence that waits', () => {
  it.each(CASES)('gives $says', ({ added, now, taken, left }) => {
    const waiting = new WaitingPresence<string>();
    for (const [, room = '', due] of added.matchAll(/(\w)(\d+)/g)) waiting.add(room, Number(due));
    expect(waiting.takeDue(now).join(' ')).toBe(taken);
    expect(waiting.due).toBe(left);
    expect(waiting.takeDue(now)).toEqual([]);
  });
});
