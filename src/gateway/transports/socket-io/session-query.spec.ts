import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../kernel/refusal.js';
import { readSessionQuery, type SessionQuery } from './session-query.js';

const HANDSHAKE = 'EIO=4&transport=polling';

function read(text: string): SessionQuery | string {
  try {
    return readSessionQuery(new URL(`http://service/socket.io/?${text}`).searchParams);
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
}

describe('The query of a Socket.IO request', () => {
  it.each([
    [HANDSHAKE, null],
    [`${HANDSHAKE}&t=`, null],
    [`${HANDSHAKE}&token=&resume=`, null],
    [`${HANDSHAKE}&sid=abc`, 'abc'],
    [`${HANDSHAKE}&%73id=abc`, 'abc'],
    [`${HANDSHAKE}&sid=%2561`, '%61'],
    [`${HANDSHAKE}&sid=__proto__`, '__proto__'],
    [`${HANDSHAKE}&SID=abc`, null],
    [`${HANDSHAKE}&__proto__=abc`, null],
  ])('%s is of session %p', (text, sid) => {
    expect(read(text)).toMatchObject({ transport: 'polling', sid });
  });

  it.each([
    `${HANDSHAKE}&sid=`,
    `${HANDSHAKE}&sid`,
    `${HANDSHAKE}&sid=&sid=abc`,
    `${HANDSHAKE}&sid=abc&sid=`,
    `${HANDSHAKE}&sid=abc&sid=abc`,
    `${HANDSHAKE}&sid=abc&%73id=`,
    `${HANDSHAKE}&sid[]=abc`,
    `${HANDSHAKE}&sid%5B%5D=abc`,
    `${HANDSHAKE}&sid[0]=abc&sid[1]=abc`,
    `${HANDSHAKE}&%2573id=abc`,
    `${HANDSHAKE}&EIO=3`,
    `${HANDSHAKE}&transport=websocket`,
    `${HANDSHAKE}&t=1&t=2`,
    `${HANDSHAKE}&token=a&token=b`,
    `${HANDSHAKE}&ticket=a&ticket=`,
    `${HANDSHAKE}&__proto__=a&__proto__=b`,
    `${HANDSHAKE}&j=0`,
    `${HANDSHAKE}&j=`,
    'EIO=4&transport=',
    'EIO=4',
    'EIO=4&transport=constructor',
    'EIO=4&transport=webtransport',
    'EIO=4&transport=Polling',
    'EIO=4&transport=%2570olling',
    'EIO=&transport=polling',
  ])('%s is refused [S44]', (text) => {
    expect(read(text)).toBe('bad-request');
  });

  it.each([
    'transport=polling',
    'EIO=3&transport=polling',
    'EIO=04&transport=polling',
    'eio=4',
    '',
  ])('%p is that of a client too old, or none', (text) => {
    expect(read(text)).toBe('unsupported-client');
  });
});
