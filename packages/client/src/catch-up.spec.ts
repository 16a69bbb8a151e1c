import { describe, expect, it } from '@jest/globals';
import { type ClientFrame, FrameType, type MessageFrame } from '@parley/protocol';
import { CatchUp } from './catch-up.js';
import { type Conversation, conversationOf } from './conversation.js';
import { Positions } from './positions.js';

function fromBob(seq: number): MessageFrame {
  const user = { id: 'b', username: 'bob' };
  return { type: FrameType.SingleChat, user, to: 'ann', data: 'x', id: `${seq}`, seq, time: 0 };
}

/** A client of Ann's, and the requests that the service gets. */
function start(log: readonly MessageFrame[]) {
  const sent: ClientFrame[] = [];
  const pages: Conversation[] = [];
  const positions = new Positions();
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const catchUp = new CatchUp({
    positions,
    limit: 1_000,
    send: (frame) => sent.push(frame),
    page: (conversation, { after = 0 }) => {
      pages.push(conversation);
      if (pages.length > 10) throw new Error('it asks for ever');
      return Promise.resolve({ items: log.filter(({ seq }) => seq > after), head: log.length });
    },
    deliver: (frame) => positions.take(conversationOf(frame, 'ann'), frame.seq),
    skipped: () => undefined,
    reset: () => undefined,
    renamed: () => undefined,
    closed: () => undefined,
    finished: () => {
      finish();
    },
  });
  return { catchUp, sent, pages, finished };
}

describe('A catch-up', () => {
  it('comes to an end where the service writes the name of a conversation otherwise', async () => {
    const { catchUp, pages, finished } = start([fromBob(1), fromBob(2)]);
    catchUp.missing('@BOB', 2);
    catchUp.synced({ type: 8, ref: 'sync-1', data: { '@bob': { seq: 2, complete: true } } });
    await finished;
    expect(pages).toEqual(['@BOB']);
  });

  it('asks again where the service says that it has more', () => {
    const { catchUp, sent } = start([]);
    catchUp.resume();
    catchUp.missing('lobby', 3);
    catchUp.synced({ type: 8, ref: 'sync-1', data: {}, more: true });
    expect(sent.at(-1)).toEqual({ type: 8, data: {}, ref: 'sync-2' });
  });
});
