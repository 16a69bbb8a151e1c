import { describe, expect, it } from '@jest/globals';
import { conversationIn, fragmentOf } from './address.js';

describe('the address of a conversation', () => {
  it.each([
    ['lobby', '#/lobby'],
    ['dev/ops', '#/dev%2Fops'],
    ['@bob', '#/@bob'],
    ['@@', '#/@%40'],
    ['@小明', '#/@%E5%B0%8F%E6%98%8E'],
    ['@50%?#', '#/@50%25%3F%23'],
  ])('of %s is %s', (conversation, fragment) => {
    expect(fragmentOf(conversation)).toBe(fragment);
    expect(conversationIn(fragment)).toBe(conversation);
  });

  it.each(['#/%40bob', '#/@bob'])('is read as browsers and people write it: %s', (fragment) => {
    expect(conversationIn(fragment)).toBe('@bob');
  });

  it.each([...['', '#', '#/', '#/@', '#composer', '#/@%E5%B0%'], `#/@${'a'.repeat(2_000)}`])(
    'is none in %p',
    (fragment) => {
      expect(conversationIn(fragment)).toBeNull();
    },
  );
});
