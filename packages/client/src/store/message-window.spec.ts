import { describe, expect, it } from '@jest/globals';
import type { ChangeFrame, PresentFrame } from '../message-changes.js';
import { permutationsOf } from '../testing/permutations.js';
import { ALICE, BOB, CAROL } from '../testing/room-entries.js';
import { MessageWindow } from './message-window.js';

const entry = (seq: number) => ({
  user: BOB,
  room: 'dev',
  seq,
  id: `id-${String(seq)}`,
  time: seq,
});

const message = (seq: number, more: Partial<PresentFrame> = {}): PresentFrame => ({
  ...{ type: 2, data: 'first', ...entry(seq) },
  ...(more as object),
});
const edit = (seq: number, data: string): ChangeFrame => ({
  ...{ type: 12, target: 3, data },
  ...entry(seq),
});
const deletion = (seq: number, target: number | readonly [number, number] = 3): ChangeFrame => ({
  ...{ type: 13, target },
  ...entry(seq),
});
const reaction = (
  seq: number,
  count: number,
  change: { added?: readonly (typeof BOB)[]; removed?: readonly (typeof BOB)[] },
): ChangeFrame => ({
  type: 14,
  target: 3,
  data: { '👍': { count, added: [], removed: [], ...change } },
  ...entry(seq),
});
const pin = (seq: number, data: boolean): ChangeFrame => ({
  ...{ type: 17, target: 3, data },
  ...entry(seq),
});

const reply = (seq: number, user = BOB, more: Partial<PresentFrame> = {}): PresentFrame => ({
  ...message(seq, { thread: 3, ...more }),
  user,
});

type Step = PresentFrame | ChangeFrame | { readonly page: PresentFrame; readonly head: number };

function windowOf(steps: readonly Step[], capacity = 100): MessageWindow {
  const window = new MessageWindow(capacity);
  for (const step of steps) {
    if ('page' in step) window.add(step.page, step.head);
    else if ('target' in step) window.change(step, ALICE.id);
    else window.add(step);
  }
  return window;
}

describe('A message', () => {
  const thumb = (count: number, me: boolean) => [{ key: '👍', count, me }];
  it.each<[title: string, steps: readonly Step[], present: object]>([
    [
      'has the text of the last edit',
      [message(3), edit(5, 'second'), edit(8, 'third')],
      { text: 'third', edited: { seq: 8, time: 8 } },
    ],
    [
      'stays deleted, whatever was said of it before',
      [message(3), edit(5, 'second'), deletion(6), pin(4, true)],
      { text: '', edited: null, deleted: { seq: 6, by: BOB }, pinned: false },
    ],
    ['is deleted with a range', [message(3), deletion(9, [2, 4])], { text: '', reactions: [] }],
    [
      'has the counts of the last reactions',
      [message(3), reaction(4, 1, { added: [ALICE] }), reaction(7, 2, { added: [CAROL] })],
      { reactions: thumb(2, true) },
    ],
    [
      'has no reaction that everybody took back',
      [message(3), reaction(4, 1, { added: [ALICE] }), reaction(7, 0, { removed: [ALICE] })],
      { reactions: [] },
    ],
    ['is pinned or not as said last', [message(3), pin(4, true), pin(6, false)], { pinned: false }],
    [
      'takes from a page what the page knew, and what came later from frames',
      [
        {
          page: message(3, {
            data: 'second',
            edited: { seq: 5, time: 5 },
            reactions: thumb(1, false),
          }),
          head: 6,
        },
        edit(5, 'second'),
        reaction(4, 9, { added: [ALICE] }),
        reaction(7, 2, { added: [ALICE] }),
      ],
      { text: 'second', edited: { seq: 5, time: 5 }, reactions: thumb(2, true) },
    ],
    [
      'has the counts of a page, where a frame is older',
      [
        { page: message(3, { reactions: thumb(1, false) }), head: 6 },
        reaction(4, 9, { added: [ALICE] }),
      ],
      { reactions: thumb(1, false) },
    ],
    [
      'comes from a page as deleted, and has no text again by an old frame',
      [
        { page: message(3, { data: '', deleted: { seq: 6, by: BOB } }), head: 6 },
        message(3),
        edit(4, 'x'),
      ],
      { text: '', deleted: { seq: 6, by: BOB } },
    ],
    [
      'has the text of the last edit, and is pinned, reacted to and answered, all at once',
      [message(3), edit(5, 'second'), pin(6, true), reaction(7, 1, { added: [ALICE] }), reply(8)],
      {
        ...{ text: 'second', pinned: true, reactions: thumb(1, true) },
        replies: { count: 1, last_seq: 8, users: [BOB] },
      },
    ],
    [
      'keeps where it stands and what it quotes when it is deleted, and mentions nobody then',
      [message(3, { reply: 2, thread: 1, also: true, mentions: [ALICE] }), deletion(6)],
      { reply: 2, thread: 1, also: true, mentions: [], deleted: { seq: 6, by: BOB } },
    ],
    [
      'counts the replies in its thread, and who wrote last',
      [message(3), reply(5, BOB), reply(6, CAROL), reply(8, BOB)],
      { replies: { count: 3, last_seq: 8, users: [BOB, CAROL] } },
    ],
    [
      'counts a reply no longer that was deleted',
      [message(3), reply(5, BOB), reply(6, CAROL), deletion(9, 5)],
      { replies: { count: 1, last_seq: 6, users: [CAROL] } },
    ],
    [
      'counts replies on from what a page told, those that the page knew once',
      [
        {
          page: message(3, { thread: { count: 4, last_seq: 6, users: [BOB] } }),
          head: 7,
        },
        reply(6, BOB),
        reply(8, CAROL),
      ],
      { replies: { count: 5, last_seq: 8, users: [CAROL, BOB] } },
    ],
    [
      'takes a deletion from what a page told, where it came after the page',
      [
        { page: message(3, { thread: { count: 4, last_seq: 6, users: [BOB] } }), head: 7 },
        { page: reply(5, CAROL), head: 7 },
        deletion(9, 5),
      ],
      { replies: { count: 3, last_seq: 6, users: [BOB] } },
    ],
  ])('%s, in whatever order and however often it comes', (_, steps, present) => {
    const third = ({ list }: MessageWindow) => list.find(({ seq }) => seq === 3);
    for (const order of permutationsOf(steps)) {
      expect(third(windowOf(order))).toMatchObject(present);
      expect(third(windowOf([...order, ...order]))).toMatchObject(present);
    }
  });

  it('counts on where it has more replies than are remembered one by one', () => {
    const replies = Array.from({ length: 1_200 }, (_, index) => reply(index + 4));
    const window = windowOf([message(3), ...replies], 5_000);
    window.add(reply(4));
    const [root] = window.list;
    expect(root?.replies).toEqual({ count: 1_200, last_seq: 1_203, users: [BOB] });
  });

  it('is not shown while only a change of it is known', () => {
    expect(windowOf([edit(5, 'second')]).list).toEqual([]);
  });
});

describe('A window of messages', () => {
  const numbers = (window: MessageWindow): readonly number[] => window.list.map(({ seq }) => seq);

  it('is ascending, and the same array until something changes', () => {
    const window = windowOf([message(4), message(2), message(3)]);
    expect(numbers(window)).toEqual([2, 3, 4]);
    expect(window.list).toBe(window.list);
  });

  it('keeps as many as it may, the newest', () => {
    const window = windowOf(
      [4, 2, 3, 1, 5].map((seq) => message(seq)),
      3,
    );
    expect(numbers(window)).toEqual([3, 4, 5]);
    window.change(deletion(9, [1, 1_000_000]), ALICE.id);
    expect(window.list.length).toBeLessThanOrEqual(3);
  });

  it('loses what a restored log does not have', () => {
    const window = windowOf([message(2), message(3), message(4)]);
    window.cut(3);
    expect(numbers(window)).toEqual([2, 3]);
  });
});
