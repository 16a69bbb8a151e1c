import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../kernel/refusal.js';
import type { Decision } from '../../conversations/access.js';
import { LOBBY_KEY } from '../../conversations/lobby.js';
import type { ChatEvent } from '../../log/event.js';
import { UNTOUCHED } from '../../log/message-state.js';
import { decideDeletion } from './deletion-rules.js';

const YES: Decision = { allowed: true };
const NO: Decision = { allowed: false, code: 'forbidden', needs: 'moderator' };
const ARCHIVED: Decision = { allowed: false, code: 'room-archived' };
const ann = { id: 'ann', username: 'ann' };

function event(seq: number, but: Partial<ChatEvent> = {}): ChatEvent {
  return {
    ...{ conversation: LOBBY_KEY, seq, n: seq, id: `id ${seq}`, time: 0, author: ann, to: null },
    ...{ kind: 'message', target: null, body: 'secret' },
    ...but,
  };
}

const GONE = { state: { ...UNTOUCHED, version: 1, deleted: { seq: 50, by: ann } } };
const JOIN = { kind: 'join', body: '{}' };

/** The numbers that go, or the code of the refusal. */
function outcome(
  range: number | readonly [number, number],
  events: readonly ChatEvent[],
  { id = 'ann', from = 1, mayDelete = NO } = {},
): unknown {
  const [low, high] = typeof range === 'number' ? [range, range] : range;
  const asked = { low, high, isRange: typeof range !== 'number' };
  try {
    const changes = decideDeletion(asked, events, { id, from, mayDelete });
    return changes.flatMap((one) => (one.op === 'delete-message' ? [one.seq] : []));
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('A deletion', () => {
  it.each<[string, Parameters<typeof outcome>, unknown]>([
    ['of one’s own', [4, [event(4)]], [4]],
    ['of another’s', [4, [event(4)], { id: 'ben' }], 'forbidden'],
    ['of another’s, with the right', [4, [event(4)], { id: 'ben', mayDelete: YES }], [4]],
    ['where nothing may change', [4, [event(4)], { mayDelete: ARCHIVED }], 'room-archived'],
    ['of nothing', [4, []], 'unknown-message'],
    ['of what is no message', [4, [event(4, JOIN)]], 'unknown-message'],
    ['of what is not to be seen', [4, [event(4)], { from: 5 }], 'unknown-message'],
    ['of what is gone', [4, [event(4, GONE)]], 'message-deleted'],
    [
      'of many of one’s own',
      [
        [4, 5],
        [event(4), event(5)],
      ],
      'forbidden',
    ],
    ['of many', [[4, 5], [event(4), event(5)], { mayDelete: YES }], [4, 5]],
    [
      'of many, some of which are gone or no messages',
      [[4, 7], [event(4), event(5, GONE), event(6, JOIN), event(7)], { mayDelete: YES }],
      [4, 7],
    ],
    [
      'of many that are all gone',
      [[4, 5], [event(4, GONE), event(5, GONE)], { mayDelete: YES }],
      'message-deleted',
    ],
    ['beyond the head', [[4, 6], [event(4), event(5)], { mayDelete: YES }], 'unknown-message'],
    [
      'beyond sight',
      [[4, 5], [event(4), event(5)], { from: 5, mayDelete: YES }],
      'unknown-message',
    ],
  ])('%s', (_what, given, expected) => {
    expect(outcome(...given)).toEqual(expected);
  });

  it('leaves of a reply where it stood, and says that it did not count', () => {
    const body = JSON.stringify({ text: 'secret', thread: 2, mentions: [ann] });
    const [, change] = decideDeletion(
      { low: 4, high: 4, isRange: false },
      [event(4, { kind: 'rich', body })],
      { id: 'ann', from: 1, mayDelete: NO },
    );
    expect(change).toMatchObject({ body: '{"text":"","thread":2}', counted: false, thread: 2 });
  });
});
