import { describe, expect, it } from '@jest/globals';
import { Positions } from './positions.js';

describe('Positions', () => {
  it('takes messages in order, each once', () => {
    const positions = new Positions();
    positions.start('lobby', 4);
    expect(positions.take('lobby', 5)).toBe('next');
    expect(positions.take('lobby', 5)).toBe('duplicate');
    expect(positions.take('lobby', 2)).toBe('duplicate');
    expect(positions.get('lobby')).toBe(5);
  });

  it('never moves over a gap', () => {
    const positions = new Positions();
    positions.start('lobby', 4);
    expect(positions.take('lobby', 6)).toBe('gap');
    expect(positions.get('lobby')).toBe(4);
  });

  it('goes on from the first message of a conversation that was not known', () => {
    const positions = new Positions();
    expect(positions.take('@bob', 7)).toBe('first');
    expect(positions.take('@bob', 8)).toBe('next');
  });

  it('never moves back', () => {
    const positions = new Positions();
    positions.start('lobby', 9);
    positions.start('lobby', 3);
    expect(positions.get('lobby')).toBe(9);
  });

  it('keeps a bounded number of conversations, those that moved last', () => {
    const positions = new Positions(2);
    positions.start('lobby', 1);
    positions.start('@bob', 1);
    positions.take('lobby', 2);
    positions.start('@carol', 5);
    expect(positions.entries()).toEqual([
      ['@carol', 5],
      ['lobby', 2],
    ]);
  });
});
