import { describe, expect, it } from '@jest/globals';
import { JsonLogger } from './logger.js';
import { plainLines } from './plain-lines.js';

function linesOf(log: (logger: JsonLogger) => void): readonly string[] {
  const lines: string[] = [];
  log(new JsonLogger('info', plainLines({ write: (line) => void lines.push(line) })));
  return lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
}

describe('A line of the log for people', () => {
  it('begins with the time of day', () => {
    const lines: string[] = [];
    new JsonLogger('info', plainLines({ write: (line) => void lines.push(line) })).log('hello');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d hello\n$/);
  });

  it.each<[string, (logger: JsonLogger) => void, string]>([
    ['a text', (logger) => logger.log('Waiting for it', 'House'), 'House: Waiting for it\n'],
    [
      'an event with its fields',
      (logger) => logger.log({ event: 'connected', address: '::1', ms: 1.5 }, 'Lifecycle'),
      'Lifecycle: connected address=::1 ms=1.5\n',
    ],
    ['a warning', (logger) => logger.warn({ event: 'clock-off' }), 'WARN clock-off\n'],
    [
      'an error, without its stack',
      (logger) => logger.error({ event: 'broke', error: new TypeError('no such thing') }),
      'ERROR broke error="TypeError: no such thing"\n',
    ],
    [
      'what somebody else chose [S37]',
      (logger) => logger.log({ event: 'x', name: 'a\r\n12:00:00 forged b=c\u009b' }),
      'x name="a\\r\\n12:00:00 forged b=c "\n',
    ],
    [
      'a text that would colour the terminal [S37]',
      (logger) => logger.log('\u001b[31mred\u009b1m\nforged'),
      '\\u001b[31mred 1m\\nforged\n',
    ],
  ])('tells %s', (_, log, line) => {
    expect(linesOf(log)).toEqual([line]);
  });

  it('tells nothing that the log must not hold [S38]', () => {
    expect(linesOf((logger) => logger.log({ event: 'x', token: 'canary' })).join()).not.toContain(
      'canary',
    );
  });
});
