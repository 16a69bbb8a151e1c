import { describe, expect, it } from '@jest/globals';
import { directKey, keyFrom, parseKey, personTopic, roomKey, roomTopic, topicsOf } from './key.js';

describe('The key of a conversation', () => {
  it('is the same from both sides of a private one', () => {
    expect(directKey('b', 'a')).toBe(directKey('a', 'b'));
    expect(parseKey(directKey('b', 'a'))).toEqual({ kind: 'direct', members: ['a', 'b'] });
  });

  it.each(['lobby', 'a:b', 'direct:a:b', '一'])('keeps the id of a room: %s', (roomId) => {
    expect(parseKey(roomKey(roomId))).toEqual({ kind: 'room', roomId });
    expect(keyFrom(roomKey(roomId))).toBe(roomKey(roomId));
  });

  it.each([
    ...['', 'lobby', 'room:', `room:${'x'.repeat(129)}`, 'direct:', 'direct:a', 'direct:a:'],
    ...['direct::b', 'direct:b:a', 'direct:a:a', 'direct:a:b:c', 'person:a', ' room:x'],
  ])('is nothing that comes from elsewhere and is none: %j', (text) => {
    expect(keyFrom(text)).toBeNull();
  });

  it('says where its events go: a room to its own topic, private ones to those of both', () => {
    expect(topicsOf(roomKey('x'))).toEqual([roomTopic(roomKey('x'))]);
    expect(topicsOf(directKey('b', 'a'))).toEqual([personTopic('a'), personTopic('b')]);
  });
});
