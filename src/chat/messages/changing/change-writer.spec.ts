import { describe, expect, it } from '@jest/globals';
import { HandClock } from '../../../../test/support/hand-clock.js';
import { Refusal } from '../../../kernel/refusal.js';
import { LOBBY, LOBBY_KEY } from '../../conversations/lobby.js';
import { type Journal, Stale } from '../../log/journal.js';
import type { MessageStore } from '../../log/message-store.js';
import type { Appended } from '../../log/event-log.js';
import { ChangeWriter, type Decided } from './change-writer.js';

const RECEIPT = { id: 'id', seq: 5, n: 1, time: 0 };
const BODY = { kind: 'deletion', target: 1, body: '' };
const PROPOSED: Decided = { body: { ...BODY, counts: false }, changes: [] };
const asked = {
  person: { id: 'ann', username: 'ann' },
  in: { conversation: LOBBY_KEY, other: null, name: LOBBY },
  ref: 'r',
};

/** @param writes what each attempt to store it comes to */
function setUp(writes: readonly (Error | null)[] = []) {
  const left = [...writes];
  const place: { stored: Appended | null } = { stored: null };
  const journal = {
    write: () => {
      const error = left.shift() ?? null;
      return error === null
        ? Promise.resolve({ ...RECEIPT, isRepeated: false })
        : Promise.reject(error);
    },
  } as unknown as Journal;
  const store = { stored: () => Promise.resolve([place.stored]) } as unknown as MessageStore;
  const writer = new ChangeWriter(journal, store, new HandClock());
  /** Another node does the same, while it is decided here. */
  const elsewhere = (): void => {
    place.stored = { status: 'stored', receipt: RECEIPT };
  };
  return { writer, elsewhere };
}

describe('A change', () => {
  it('is decided anew where others were faster, and refused where they are each time', async () => {
    const few = setUp([new Stale(), new Stale()]);
    await expect(few.writer.write(asked, () => Promise.resolve(PROPOSED))).resolves.toMatchObject({
      seq: 5,
    });
    const many = setUp(Array.from({ length: 8 }, () => new Stale()));
    const write = many.writer.write(asked, () => Promise.resolve(PROPOSED));
    await expect(write).rejects.toMatchObject({ code: 'busy' });
  });

  it('that another node made meanwhile under the same ref is told, not refused', async () => {
    const { writer, elsewhere } = setUp();
    const decide = (): Promise<Decided> => {
      elsewhere();
      return Promise.reject(new Refusal('message-deleted'));
    };
    const answer = await writer.write(asked, decide, BODY);
    expect(answer).toEqual({ ...RECEIPT, isRepeated: true });
  });

  it('that another node made meanwhile under the same ref has its numbers, not those of before', async () => {
    const { writer, elsewhere } = setUp();
    const decide = (): Promise<Decided> => {
      elsewhere();
      return Promise.resolve({ already: { ...RECEIPT, seq: 1 } });
    };
    expect(await writer.write(asked, decide, BODY)).toMatchObject({ seq: 5, isRepeated: true });
  });

  it('that may not be made is refused', async () => {
    const { writer } = setUp();
    const decide = (): Promise<Decided> => Promise.reject(new Refusal('message-deleted'));
    const write = writer.write(asked, decide, BODY);
    await expect(write).rejects.toMatchObject({ code: 'message-deleted' });
  });
});
