import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientFrame } from '@parley/protocol';
import type { ConversationSummary } from './rest.js';
import { Unread } from './unread.js';

const USER = { id: 'id-alice', username: 'alice' };

function listed(seq: number, read: number, unread = seq - read): ConversationSummary {
  const me = { role: 'member', may: [] };
  return { room: 'lobby', seq, n: seq, read, unread, mentions: 0, last: null, me };
}

function own(seq: number, unread: number) {
  return { type: 11, user: USER, room: 'lobby', seq, unread, mentions: 0 } as const;
}

describe('What is unread, as a client keeps it', () => {
  let sent: (ClientFrame & { readonly ref?: string })[];
  let told: string[];
  let unread: Unread;

  beforeEach(() => {
    [sent, told] = [[], []];
    unread = new Unread(
      (frame) => sent.push(frame),
      (conversation, position) => {
        told.push(`${conversation} ${position.seq} ${position.unread}`);
      },
    );
  });

  const counts = (): readonly (number | undefined)[] => {
    const position = unread.get('lobby');
    return [position?.seq, position?.unread];
  };

  it('is what a list told, and what was heard since', () => {
    expect(counts()).toEqual([undefined, undefined]);
    unread.learn(listed(10, 7));
    unread.heard('lobby', 11, false);
    unread.heard('lobby', 11, false);
    expect(counts()).toEqual([7, 4]);
    unread.heard('lobby', 12, true);
    expect(counts()).toEqual([12, 0]);
    expect(told).toEqual(['lobby 7 3', 'lobby 7 4', 'lobby 12 0']);
  });

  it('goes by the mark that is moved here, at once', () => {
    unread.learn(listed(10, 7));
    for (const seq of [11, 12, 13]) unread.heard('lobby', seq, false);
    unread.markRead('lobby', 12);
    expect(counts()).toEqual([12, 1]);
    unread.markRead('lobby', 11);
    expect(sent).toMatchObject([{ type: 11, room: 'lobby', seq: 12 }]);
    unread.markRead('@bob', 3);
    expect(sent[1]).toMatchObject({ type: 11, to: 'bob', seq: 3 });
  });

  it('goes by the mark that another device moves, forward and back', () => {
    unread.learn(listed(10, 7));
    for (const seq of [11, 12, 13]) unread.heard('lobby', seq, false);
    // It counts what has not come here yet, which is counted when it comes.
    unread.told(own(12, 3));
    expect(counts()).toEqual([12, 1]);
    unread.heard('lobby', 14, false);
    unread.heard('lobby', 15, false);
    expect(counts()).toEqual([12, 3]);
    unread.told(own(4, 11));
    expect(counts()).toEqual([4, 11]);
    unread.told({ type: 11, user: USER, data: 'all' });
    expect(counts()).toEqual([15, 0]);
  });

  it('says a mark again after a reconnect until it is answered, or refused', () => {
    unread.markRead('lobby', 1);
    unread.markAllRead();
    unread.markUnread('@bob', 2);
    const refs = sent.map(({ ref = '' }) => ref);
    unread.told({ ...own(1, 0), ref: refs[0] ?? '' });
    const refusal = { type: 7, code: 'not-a-member', data: '', retryable: false } as const;
    expect(unread.rejected({ ...refusal, ref: refs[1] ?? '' })).toBe(true);
    expect(unread.rejected({ ...refusal, ref: 'of a message' })).toBe(false);
    sent.length = 0;
    unread.resume();
    expect(sent).toMatchObject([{ type: 11, to: 'bob', seq: 2, unread: true, ref: refs[2] }]);
  });

  it('is bounded: numbers of old messages become a count, old conversations are forgotten', () => {
    for (let seq = 1; seq <= 5_000; seq++) unread.heard('lobby', seq, false);
    expect(counts()).toEqual([0, 5_000]);
    for (let n = 1; n <= 1_000; n++) unread.heard(`room ${n}`, 1, false);
    expect(counts()).toEqual([undefined, undefined]);
  });
});
