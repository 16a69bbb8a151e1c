import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../test/support/hand-clock.js';
import { type ConversationKey, directKey, roomKey } from '../chat/conversations/key.js';
import { TypingSets } from './typing-sets.js';

const ANN = { id: 'a', username: 'ann' };
const BEN = { id: 'b', username: 'ben' };
const LOBBY = roomKey('lobby');
const PAIR = directKey('a', 'b');

describe('Who is typing on a node', () => {
  let clock: HandClock;
  let sets: TypingSets;
  let told: string[];

  beforeEach(() => {
    clock = new HandClock();
    told = [];
    sets = new TypingSets(clock, clock, (conversation) => {
      const news = sets.take(conversation);
      if (news === null) return;
      told.push(
        `${clock.time} ${conversation}: ${news.now.map(({ username }) => username).join()}`,
      );
    });
  });

  it('is told of each room at once, and then once a second', () => {
    sets.begin(LOBBY, ANN, 0);
    sets.begin(roomKey('dev'), ANN, 0);
    clock.advance(100);
    sets.begin(LOBBY, BEN, 100);
    sets.end(LOBBY, ANN.id);
    clock.advance(5_000);
    expect(told).toEqual(['0 room:lobby: ann', '0 room:dev: ann', '1000 room:lobby: ben']);
  });

  it('is told in private at once, every time', () => {
    sets.begin(PAIR, ANN, 0);
    clock.advance(10);
    sets.end(PAIR, ANN.id);
    clock.advance(10);
    sets.begin(PAIR, ANN, 20);
    expect(told).toEqual(['0 direct:a:b: ann', '10 direct:a:b: ', '20 direct:a:b: ann']);
  });

  it('ends everywhere for who leaves, and for nobody else', () => {
    for (const conversation of [LOBBY, PAIR]) sets.begin(conversation, ANN, 0);
    sets.begin(LOBBY, BEN, 0);
    clock.advance(1_000);
    told = [];
    sets.leave(ANN.id);
    clock.advance(1_000);
    expect(told).toEqual(['2000 room:lobby: ben', '1000 direct:a:b: '].toSorted());
  });

  it('takes no memory and no timer when the ttl has ended all of it, and tells nobody of that', () => {
    for (const conversation of [LOBBY, PAIR]) sets.begin(conversation, ANN, 0);
    const before = told.length;
    clock.advance(9_000);
    expect([sets.size, clock.waiting, told.length]).toEqual([0, 0, before]);
  });

  it('takes no memory and no timer soon after the last one has stopped', () => {
    sets.begin(LOBBY, ANN, 0);
    sets.end(LOBBY, ANN.id);
    clock.advance(3_000);
    expect([sets.size, clock.waiting]).toEqual([0, 0]);
  });

  it('is kept of ten conversations of a person, the latest, however many there are', () => {
    for (let room = 0; room < 1_000; room++) sets.begin(roomKey(`r${room}`), ANN, 0);
    clock.advance(1_000);
    // What is left of the others is that nobody types there; it goes with the next round.
    clock.advance(1_000);
    expect(sets.size).toBe(10);
    sets.begin(roomKey('r0'), BEN, 0);
    told = [];
    sets.leave(ANN.id);
    clock.advance(1_000);
    expect(told).toHaveLength(10);
  });

  it('is kept of so many conversations that a flood cannot fill the memory', () => {
    const flood = function* (): Iterable<ConversationKey> {
      for (let one = 0; one < 20_000; one++) yield roomKey(`room ${one}`);
    };
    let person = 0;
    for (const room of flood()) {
      sets.begin(room, { id: `p${++person}`, username: 'x' }, 0);
    }
    expect([sets.size, sets.leftOut]).toEqual([10_000, 10_000]);
    clock.advance(10_000);
    expect([sets.size, clock.waiting]).toEqual([0, 0]);
  });

  it('stops with the service', () => {
    sets.begin(LOBBY, ANN, 0);
    sets.begin(LOBBY, BEN, 0);
    sets.stop();
    expect(clock.waiting).toBe(0);
  });
});
