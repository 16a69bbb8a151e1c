import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../test/support/hand-clock.js';
import { directKey, roomKey } from '../chat/conversations/key.js';
import { MemorySignalBus } from '../engines/memory/memory-signal-bus.js';
import { TypingService } from './typing.service.js';

const ANN = { id: 'a', username: 'ann' };
const LOBBY = roomKey('lobby');

describe('What nodes tell each other of who is typing', () => {
  let clock: HandClock;
  let bus: MemorySignalBus;
  let typing: TypingService;
  let topics: string[];
  let heard: string[];

  beforeEach(() => {
    clock = new HandClock(1_790_000_000_000);
    bus = new MemorySignalBus();
    typing = new TypingService(bus, clock);
    topics = [];
    heard = [];
    bus.subscribe((topic) => topics.push(topic));
    typing.onSignal(({ conversation, person, isTyping, time }) => {
      const what = `${person.username} ${isTyping ? 'types' : 'stops'} in ${conversation}`;
      heard.push(`${time - clock.epoch} ${what}`);
    });
  });

  it('goes to everybody in a room, and in private to the other person alone', () => {
    typing.begin(ANN, LOBBY);
    typing.begin(ANN, directKey('a', 'b'));
    typing.begin({ id: 'b', username: 'ben' }, directKey('a', 'b'));
    expect(topics).toEqual(['room:lobby', 'person:b', 'person:a']);
    expect(heard).toEqual([
      '0 ann types in room:lobby',
      '0 ann types in direct:a:b',
      '0 ben types in direct:a:b',
    ]);
  });

  it.each<[string, readonly (number | 'type' | 'stop')[], readonly string[]]>([
    ['once in three seconds', ['type', 2_999, 'type', 1, 'type'], ['0 types', '3000 types']],
    ['that somebody stops, at once', ['type', 10, 'stop'], ['0 types', '10 stops']],
    ['no stop of who has not begun', ['stop'], []],
    ['no second stop', ['type', 'stop', 'stop'], ['0 types', '0 stops']],
    [
      'nothing more often where one begins and stops in turns',
      ['type', 'stop', 100, 'type', 'stop', 100, 'type', 'stop', 2_800, 'type'],
      ['0 types', '0 stops', '3000 types'],
    ],
  ])('is, of one person in one conversation: %s', (_, steps, expected) => {
    for (const step of steps) {
      if (typeof step === 'number') clock.advance(step);
      else if (step === 'type') typing.begin(ANN, LOBBY);
      else typing.end(ANN, LOBBY);
    }
    expect(heard.map((one) => one.replace(/ann (\w+) in room:lobby/, '$1'))).toEqual(expected);
  });

  it('is counted for each conversation and person by itself', () => {
    typing.begin(ANN, LOBBY);
    typing.begin(ANN, roomKey('dev'));
    typing.begin({ id: 'b', username: 'ben' }, LOBBY);
    expect(heard).toHaveLength(3);
  });

  it.each([
    ['signals of another kind', 'room:lobby', 'read'],
    ['a topic that is no conversation', 'elsewhere', 'typing'],
  ])('is not taken from %s', (_, topic, kind) => {
    bus.publish(topic, { kind, person: ANN, time: 0, details: {} });
    expect(heard).toEqual([]);
  });

  it('is remembered of so many that a flood of names cannot fill the memory', () => {
    for (let one = 0; one < 50_000; one++) typing.begin(ANN, roomKey(`room ${one}`));
    expect(typing.remembered).toBe(20_000);
  });
});
