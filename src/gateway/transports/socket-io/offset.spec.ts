import { describe, expect, it } from '@jest/globals';
import { Offset } from './offset.js';

describe('Where a Socket.IO client stands', () => {
  it('is the same after it was told and brought back', () => {
    const offset = new Offset();
    offset.reach('lobby', 151);
    offset.reach('a=b;c', 12);
    offset.pass('bob', 7);
    offset.pass('a;b@c#', 2);
    offset.answer();
    const back = Offset.parse(offset.toString());
    expect(back?.toString()).toBe(offset.toString());
    expect([back?.room('lobby'), back?.room('a=b;c')]).toEqual([151, 12]);
    expect([back?.direct('bob'), back?.direct('a;b@c#')]).toEqual([7, 2]);
    expect(back?.answered).toBe(1);
  });

  it('holds a hundred private conversations, those that moved last', () => {
    const offset = new Offset();
    for (let i = 0; i < 100; i++) offset.pass(`friend-${i}`, 1);
    offset.pass('friend-0', 2);
    offset.pass('friend-100', 1);
    expect(offset.toString().match(/@/g)).toHaveLength(100);
    expect(offset.direct('friend-1')).toBeUndefined();
    expect([offset.direct('friend-0'), offset.direct('friend-100')]).toEqual([2, 1]);
  });

  it('holds no more of what it is brought', () => {
    const many = Array.from({ length: 300 }, (_, i) => `;1@friend-${i}`).join('');
    const offset = Offset.parse(`1${many}`);
    expect(offset?.toString().match(/@/g)).toHaveLength(100);
    expect(Offset.parse(`1;1@${'x'.repeat(20_000)}`)).toBeNull();
  });

  it('is understood where a service before this one told it', () => {
    const offset = Offset.parse('151;7@bob;3#?');
    expect([offset?.room('lobby'), offset?.direct('bob'), offset?.answered]).toEqual([151, 7, 3]);
  });

  it('is put behind a message of one room as far as others go', () => {
    const offset = new Offset();
    offset.reach('lobby', 151);
    expect(offset.besides('lobby')).toBe('');
    offset.pass('bob', 7);
    expect(offset.besides('lobby')).toBe(';7@bob');
    offset.reach('dev', 12);
    expect(offset.besides('lobby')).toBe(';12=dev;7@bob');
  });

  it.each(['', 'x', '-1', '1e9', '1234567890123456', '1;1@%', 7, null, {}])(
    'is nowhere where it is none of ours: %p',
    (text) => {
      expect(Offset.parse(text)).toBeNull();
    },
  );
});
