import { describe, expect, it, jest } from '@jest/globals';
import type { RejectFrame } from '@parley/protocol';
import { Outbox, type OutboxEntry, type OutboxOptions } from './outbox.js';

function setUp(options: Partial<OutboxOptions> = {}) {
  const wire: OutboxEntry[] = [];
  const outbox = new Outbox({
    transmit: (entry) => wire.push(entry),
    changed: () => undefined,
    ...options,
  });
  const say = (text: string): OutboxEntry => {
    const entry = outbox.add('lobby', text);
    if (entry === null) throw new Error('the outbox is full');
    return entry;
  };
  const acknowledge = (entry: OutboxEntry, seq: number) =>
    outbox.acknowledge({ type: 6, ref: entry.ref, room: 'lobby', id: 'id', seq, time: 1 });
  const reject = (entry: OutboxEntry, details: Partial<RejectFrame>) =>
    outbox.reject({
      type: 7,
      ref: entry.ref,
      code: 'busy',
      data: '',
      retryable: false,
      ...details,
    });
  const states = () => outbox.entries().map((entry) => `${entry.text} ${entry.state}`);
  const sent = () => wire.map((entry) => entry.text);
  return { outbox, wire, say, acknowledge, reject, states, sent };
}

describe('Outbox', () => {
  it('keeps what is written while there is no connection, and sends it in order', () => {
    const { outbox, say, acknowledge, sent } = setUp();
    const first = say('one');
    say('two');
    expect(sent()).toEqual([]);
    outbox.resume();
    acknowledge(first, 1);
    expect(sent()).toEqual(['one', 'two']);
  });

  it('sends what was not answered again under the same ref after a reconnect', () => {
    const { outbox, wire, say } = setUp();
    outbox.resume();
    const entry = say('one');
    outbox.suspend();
    outbox.resume();
    expect(wire.map(({ ref }) => ref)).toEqual([entry.ref, entry.ref]);
  });

  it('does not send again what was acknowledged', () => {
    const { outbox, say, acknowledge, sent } = setUp();
    outbox.resume();
    acknowledge(say('one'), 1);
    outbox.suspend();
    outbox.resume();
    expect(sent()).toEqual(['one']);
  });

  it('keeps a sent message until it has been seen in its conversation', () => {
    const { outbox, say, acknowledge, states } = setUp();
    outbox.resume();
    acknowledge(say('one'), 7);
    expect(states()).toEqual(['one sent']);
    outbox.settle('lobby', 6);
    outbox.settle('@bob', 7);
    expect(states()).toEqual(['one sent']);
    outbox.settle('lobby', 7);
    expect(states()).toEqual([]);
  });

  it('knows its message when that comes ahead of the Ack, and keeps it until the Ack', () => {
    const { outbox, say, acknowledge, states } = setUp();
    outbox.resume();
    const first = say('one');
    say('two');
    const echoed = () => outbox.entries().map((entry) => entry.echoed ?? false);
    outbox.hear('ops', { data: 'one' });
    outbox.hear('lobby', { data: 'one', thread: 1 });
    outbox.hear('lobby', { data: 'two' });
    expect(echoed()).toEqual([false, false]);
    outbox.hear('lobby', { data: 'one' });
    expect(echoed()).toEqual([true, false]);
    expect(states()).toEqual(['one pending', 'two pending']);
    acknowledge(first, 1);
    outbox.settle('lobby', 1);
    expect(states()).toEqual(['two pending']);
  });

  it.each([
    ['for good', false, 'one failed'],
    ['for now', true, 'one pending'],
  ])('shows a message again that was not the one that had come: refused %s', (_, retryable, is) => {
    const { outbox, say, reject, states } = setUp();
    outbox.resume();
    const entry = say('one');
    outbox.hear('lobby', { data: 'one' });
    reject(entry, { retryable });
    expect(states()).toEqual([is]);
    expect(outbox.entries()[0]?.echoed).toBeUndefined();
    outbox.suspend();
  });

  it('sends again what was stored above the end of a log that went back', () => {
    const { outbox, say, acknowledge, sent, states } = setUp();
    outbox.resume();
    acknowledge(say('kept'), 7);
    acknowledge(say('lost'), 8);
    outbox.unsettle('@bob', 0);
    outbox.unsettle('lobby', 7);
    expect(sent()).toEqual(['kept', 'lost', 'lost']);
    expect(states()).toEqual(['kept sent', 'lost pending']);
  });

  it('has no more unanswered than it may, so that the order holds over a Reject', () => {
    jest.useFakeTimers();
    try {
      const { outbox, say, reject, acknowledge, sent } = setUp();
      outbox.resume();
      const one = say('one');
      say('two');
      reject(one, { retryable: true, retry_after: 300 });
      jest.advanceTimersByTime(299);
      expect(sent()).toEqual(['one']);
      jest.advanceTimersByTime(1);
      expect(sent()).toEqual(['one', 'one']);
      acknowledge(one, 1);
      expect(sent()).toEqual(['one', 'one', 'two']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('fails a message that is refused for good, goes on with the next, and can try again', () => {
    const { outbox, say, reject, states, sent } = setUp();
    outbox.resume();
    const one = say('one');
    say('two');
    reject(one, { code: 'text-too-long' });
    expect(states()).toEqual(['one failed', 'two pending']);
    expect(outbox.entries()[0]?.code).toBe('text-too-long');
    outbox.discard(outbox.entries()[1]?.ref ?? '');
    outbox.retry(one.ref);
    expect(sent()).toEqual(['one', 'two', 'one']);
  });

  it('gives up a message that is refused for now again and again', () => {
    jest.useFakeTimers();
    try {
      const { outbox, say, reject, states, sent } = setUp({ retryDelay: 10 });
      outbox.resume();
      const one = say('one');
      for (let i = 0; i < 8; i++) {
        reject(one, { retryable: true });
        jest.advanceTimersByTime(10);
      }
      expect(sent()).toHaveLength(8);
      expect(states()).toEqual(['one failed']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is bounded', () => {
    const { outbox, say } = setUp({ capacity: 2 });
    say('one');
    say('two');
    expect(outbox.add('lobby', 'three')).toBeNull();
  });

  it('takes back what an earlier life left, and leaves foreign Rejects alone', () => {
    const { outbox, sent } = setUp();
    const earlier = setUp().say('from before');
    outbox.restore([earlier, earlier]);
    outbox.resume();
    expect(sent()).toEqual(['from before']);
    const foreign: RejectFrame = { type: 7, ref: 'x', code: 'busy', data: '', retryable: true };
    expect(outbox.reject(foreign)).toBe(false);
  });
});
