import { beforeEach, describe, expect, it } from '@jest/globals';
import { Offset } from './offset.js';
import { Repetitions } from './repetitions.js';

const APART_MS = 50;

describe('Messages with callbacks and without a ref', () => {
  let offset: Offset;
  let repetitions: Repetitions;
  let now: number;
  let ackId: number;
  /** Answers on their way to the client, by the number of the callback. */
  let answers: Map<number, (at: number) => void>;

  beforeEach(() => {
    begin(new Offset());
    now = 0;
    ackId = 0;
  });

  function begin(where: Offset): void {
    offset = where;
    answers = new Map();
    repetitions = new Repetitions('chain', offset, () => APART_MS);
  }

  /** @returns the ref under which it is stored: equal refs are stored once */
  function say(text: string): string {
    repetitions.sawAsked(text);
    const ref = repetitions.refFor({ digest: text, ackId, at: now });
    answers.set(ackId, repetitions.answer(text, ref, ackId));
    ackId++;
    return ref;
  }

  /** The service answers, and learns that the client has the answer. */
  function hear(id = ackId - 1): void {
    offset.answer();
    answers.get(id)?.(now);
  }

  function ask(text: string): string {
    const ref = say(text);
    hear();
    return ref;
  }

  it('are two where the same words come twice at once, in whatever time they are answered', () => {
    const refs = [say('yes'), say('yes'), say('yes')];
    expect(new Set(refs).size).toBe(3);
    hear(1);
    hear(0);
    hear(2);
    expect(refs).not.toContain(say('yes'));
  });

  it('are one where the same words come again because no answer came', () => {
    const ref = say('yes');
    for (let i = 0; i < 5; i++) {
      now += 2 * APART_MS;
      expect(say('yes')).toBe(ref);
    }
    for (let id = 0; id < 6; id++) hear(id);
    now += APART_MS;
    ask('no');
    expect(say('yes')).not.toBe(ref);
  });

  it('keep their order where two that are equal are both sent again', () => {
    const refs = [say('yes'), say('yes')];
    now += 2 * APART_MS;
    expect([say('yes'), say('yes')]).toEqual(refs);
    now += 2 * APART_MS;
    expect([say('yes'), say('yes'), say('yes')].slice(0, 2)).toEqual(refs);
  });

  it('are two where the first was answered, and the client is known to take answers', () => {
    ask('hello');
    const first = ask('yes');
    expect(say('yes')).not.toBe(first);
  });

  it('are one over a reconnect, where the client has not the answer', () => {
    ask('hello');
    const first = say('yes');
    begin(Offset.parse(offset.toString()) ?? new Offset());
    expect(ask('yes')).toBe(first);
    expect(say('yes')).not.toBe(first);
  });

  describe('of a client that takes each answer for a failure', () => {
    it('are stored once, however often they are sent, and each for itself', () => {
      const refs = ['one', 'two', 'three'].map((text) => {
        now += 1_000;
        return [ask(text), ask(text), ask(text), ask(text)];
      });
      expect(refs.map((of) => new Set(of).size)).toEqual([1, 1, 1]);
      expect(new Set(refs.flat()).size).toBe(3);
    });

    it('are two where the same words come later', () => {
      const first = ask('yes');
      expect(ask('yes')).toBe(first);
      now += 2 * APART_MS;
      expect(say('yes')).not.toBe(first);
    });

    it('are stored once after a reconnect, too', () => {
      ask('one');
      ask('one');
      begin(Offset.parse(offset.toString()) ?? new Offset());
      const first = ask('two');
      expect(ask('two')).toBe(first);
    });

    it.each<[string, () => unknown]>([
      ['sent something once', () => ['one', 'two'].map(ask)],
      [
        'sent something without a callback',
        () => {
          repetitions.sawPlain();
        },
      ],
      ['sent two at once', () => ['one', 'one'].map(say)],
    ])('are not expected of one that %s', (_what, show) => {
      show();
      const first = ask('yes');
      expect(say('yes')).not.toBe(first);
    });
  });
});
