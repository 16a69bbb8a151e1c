import { describe, expect, it } from '@jest/globals';
import { LOBBY_KEY } from '../chat/conversations/lobby.js';
import type { ChatEvent } from '../chat/log/event.js';
import { UNTOUCHED } from '../chat/log/message-state.js';
import { newDeletion } from '../chat/messages/kinds/deletion.js';
import { newEdit } from '../chat/messages/kinds/edit.js';
import { newMessage, newRichMessage } from '../chat/messages/kinds/message.js';
import { newPin } from '../chat/messages/kinds/pin.js';
import type { StoredBody } from '../chat/log/event.js';
import { textChangesOf } from './text-change.js';

const ann = { id: 'ann', username: 'ann' };
const FILE = { id: '01A', name: 'plan.pdf', size: 1, type: 'application/pdf' };
const DELETED = { state: { ...UNTOUCHED, deleted: { seq: 20, by: ann } } };

function event({ kind, target, body }: StoredBody, but: Partial<ChatEvent> = {}): ChatEvent {
  const numbers = { conversation: LOBBY_KEY, seq: 9, n: 9, id: 'id', time: 0 };
  return { ...numbers, author: ann, to: null, kind, target, body, ...but };
}

describe('What an event makes of the texts that can be found', () => {
  it.each<[string, ChatEvent, unknown]>([
    ['a message', event(newMessage('hello', 100)), [{ seq: 9, text: 'hello' }]],
    ['a reply', event(newRichMessage('hello', { reply: 2 }, 100)), [{ seq: 9, text: 'hello' }]],
    ['an edit', event(newEdit(4, 'other', 100)), [{ seq: 4, text: 'other' }]],
    ['an edit that looks like JSON', event(newEdit(4, '{', 100)), [{ seq: 4, text: '{' }]],
    [
      'a deletion',
      event(newDeletion({ target: 4, high: null, reason: null })),
      [{ seq: 4, text: null }],
    ],
    [
      'a deletion of many',
      event(newDeletion({ target: 4, high: 6, reason: null })),
      [4, 5, 6].map((seq) => ({ seq, text: null })),
    ],
    ['a message that is gone', event(newMessage('hello', 100), DELETED), [{ seq: 9, text: null }]],
    [
      'a file without a text',
      event({
        kind: 'rich',
        target: null,
        body: JSON.stringify({ text: '', attachments: [FILE] }),
      }),
      [{ seq: 9, text: '' }],
    ],
    [
      'an emptied reply',
      event({ kind: 'rich', target: null, body: '{"text":"","reply":2}' }),
      [{ seq: 9, text: null }],
    ],
    ['an emptied edit', event({ kind: 'edit', target: 4, body: '' }), [{ seq: 4, text: null }]],
    ['a pin', event(newPin(4, true)), []],
    ['what a later version wrote', event({ kind: 'wave', target: 4, body: '?' }), []],
  ])('%s', (_what, one, expected) => {
    expect(textChangesOf(one)).toEqual(expected);
  });
});
