import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../kernel/refusal.js';
import { LOBBY_KEY } from '../../conversations/lobby.js';
import type { ChatEvent } from '../../log/event.js';
import { type MessageState, UNTOUCHED } from '../../log/message-state.js';
import { decideEdit, MOST_EDITS, type WantedEdit } from './edit-rules.js';

const DAY = 86_400_000;
const SAID_AT = 1_000;

function message(state: Partial<MessageState> = {}, but: Partial<ChatEvent> = {}): ChatEvent {
  return {
    ...{ conversation: LOBBY_KEY, seq: 7, n: 7, id: 'id', time: SAID_AT, to: null },
    ...{ author: { id: 'ann', username: 'ann' }, kind: 'message', target: null, body: 'one' },
    state: { ...UNTOUCHED, ...state },
    ...but,
  };
}

/** The code of the refusal, what is changed, or nothing. */
function outcome(
  one: ChatEvent,
  {
    by = 'ann',
    after = 0,
    windowMs = DAY,
    ...wanted
  }: Partial<WantedEdit> & {
    readonly by?: string;
    readonly after?: number;
    readonly windowMs?: number;
  },
): unknown {
  const time = { now: SAID_AT + after, windowMs };
  try {
    const changes = decideEdit(one, by, { text: 'two', seen: null, ...wanted }, time);
    return changes === null ? 'nothing' : changes.map(({ op }) => op).join();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

const STORED = 'expect-message,edit-message';
const EDITED = { edited: { seq: 9, time: 5 }, edits: 1, version: 1 };

describe('An edit', () => {
  it.each([
    ['of one’s own', message(), {}, STORED],
    ['of another’s', message(), { by: 'ben' }, 'not-author'],
    ['at the end of the window', message(), { after: DAY }, STORED],
    ['after the window', message(), { after: DAY + 1 }, 'too-late'],
    [
      'much later, where it may be edited for ever',
      message(),
      { after: 9 * DAY, windowMs: 0 },
      STORED,
    ],
    ['to the same text', message(), { text: 'one' }, 'nothing'],
    ['by whoever saw it as it was said', message(), { seen: 7 }, STORED],
    ['by whoever saw the last edit', message(EDITED), { seen: 9 }, STORED],
    ['by whoever saw it before the last edit', message(EDITED), { seen: 7 }, 'edit-conflict'],
    ['that is the last', message({ edits: MOST_EDITS - 1 }), {}, STORED],
    ['that is one too many', message({ edits: MOST_EDITS }), {}, 'limit-reached'],
  ])('%s', (_what, one, wanted, expected) => {
    expect(outcome(one, wanted)).toBe(expected);
  });

  it('is based on the version that was read, and keeps what was beside the text', () => {
    const body = JSON.stringify({ text: 'one', reply: 3 });
    const rich = message({ version: 4 }, { kind: 'rich', body });
    const wanted = { text: 'two', seen: null };
    expect(decideEdit(rich, 'ann', wanted, { now: SAID_AT, windowMs: 0 })).toEqual([
      { op: 'expect-message', conversation: LOBBY_KEY, seq: 7, version: 4 },
      {
        ...{ op: 'edit-message', conversation: LOBBY_KEY, seq: 7, time: SAID_AT },
        was: { kind: 'rich', target: null, body },
        body: JSON.stringify({ text: 'two', reply: 3 }),
      },
    ]);
  });
});
