import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TypingFrame } from '@parley/protocol';
import { directWith, LOBBY } from './conversation.js';
import { BOB } from './testing/scripted-service.js';
import { stageForEach } from './testing/stage.js';
import { Typing } from './typing.js';

const AT_BOB = directWith('bob');

function frame(total: number): TypingFrame {
  return { type: 10, user: null, room: LOBBY, data: total === 0 ? [] : [BOB], total, ttl: 8_000 };
}

describe('What a client keeps of who is typing', () => {
  let typing: Typing;
  let told: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    typing = new Typing(({ conversation, people, total }) => {
      const names = people.map(({ username }) => username).join();
      told.push(`${conversation}: ${String(total)} ${names}`.trim());
    });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it.each<[string, readonly (number | 'types' | 'stops')[], readonly number[]]>([
    ['at once', ['types'], [0]],
    ['again while it is so, every few seconds', ['types', 3_999, 'types', 1, 'types'], [0, 4_000]],
    ['a stop, once', ['types', 10, 'stops', 10, 'stops'], [0, 10]],
    ['no stop of what was not said', ['stops'], []],
    ['no more after a stop than without it', ['types', 10, 'stops', 10, 'types'], [0, 10]],
  ])('says that one types %s', (_, steps, expected) => {
    const said: number[] = [];
    let now = 0;
    for (const step of steps) {
      if (typeof step === 'number') {
        now += step;
        jest.advanceTimersByTime(step);
      } else if (typing.shouldSay(LOBBY, step === 'types')) {
        said.push(now);
      }
    }
    expect(said).toEqual(expected);
  });

  it('says it at once in another conversation', () => {
    expect([LOBBY, AT_BOB, AT_BOB].map((one) => typing.shouldSay(one, true))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('ends by the ttl what is not said again', () => {
    typing.take(LOBBY, frame(1));
    jest.advanceTimersByTime(7_999);
    typing.take(LOBBY, frame(1));
    jest.advanceTimersByTime(7_999);
    expect(told).toEqual(['lobby: 1 bob', 'lobby: 1 bob']);
    jest.advanceTimersByTime(1);
    expect(told.at(-1)).toBe('lobby: 0');
  });

  it('ends at once when the service says so, or when the connection is gone, and keeps no timer', () => {
    typing.take(LOBBY, frame(1));
    typing.take(LOBBY, frame(0));
    typing.take(AT_BOB, frame(1));
    typing.clear();
    expect(told).toEqual(['lobby: 1 bob', 'lobby: 0', '@bob: 1 bob', '@bob: 0']);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('A client in a conversation', () => {
  const stage = stageForEach();

  it('says where it types, and hears who else does', async () => {
    const { under } = stage();
    const heard: string[] = [];
    const all = new Promise<void>((resolve) => {
      under.client.events.on('typing', ({ conversation, people, total }) => {
        heard.push(`${conversation} ${String(people.length)} ${String(total)}`);
        if (heard.length === 2) resolve();
      });
    });
    under.client.sendTyping(LOBBY);
    const peer = await under.goOnline(3);
    for (const conversation of [LOBBY, LOBBY, AT_BOB]) under.client.sendTyping(conversation);
    under.client.sendTyping(AT_BOB, false);
    expect([await peer.next(), await peer.next(), await peer.next()]).toEqual([
      { type: 10, room: 'lobby' },
      { type: 10, to: 'bob' },
      { type: 10, to: 'bob', data: false },
    ]);
    peer.send(frame(6), { type: 10, user: null, to: 'bob', data: [BOB], total: 1, ttl: 8_000 });
    await all;
    expect(heard).toEqual(['lobby 1 6', '@bob 1 1']);
  });
});
