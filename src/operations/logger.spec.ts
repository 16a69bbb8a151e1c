import { BadRequestException, Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '../kernel/refusal.js';
import { JsonLogger } from './logger.js';

function recorder(): { readonly lines: string[]; write(line: string): void } {
  const lines: string[] = [];
  return { lines, write: (line) => void lines.push(line) };
}

function parse(line: string | undefined): Record<string, unknown> {
  return JSON.parse(line ?? '') as Record<string, unknown>;
}

describe('JsonLogger', () => {
  afterEach(() => {
    Logger.overrideLogger(true);
  });

  it('writes one line of JSON for an event whose texts hold line breaks [S37]', () => {
    const output = recorder();
    new JsonLogger('info', output).log('first\r\n{"level":"error","msg":"forged"}', 'Tests');
    expect(output.lines).toHaveLength(1);
    expect(output.lines[0]?.trimEnd()).not.toMatch(/[\r\n]/);
    expect(parse(output.lines[0])).toMatchObject({
      level: 'info',
      context: 'Tests',
      msg: 'first\r\n{"level":"error","msg":"forged"}',
    });
  });

  it('carries the fields of an event', () => {
    const output = recorder();
    const logger = new JsonLogger('info', output);
    logger.warn({ event: 'closed', connection: 'c-1', code: 4408 });
    expect(parse(output.lines[0])).toMatchObject({
      level: 'warn',
      event: 'closed',
      connection: 'c-1',
      code: 4408,
    });
  });

  it('is what Nest writes through', () => {
    const output = recorder();
    Logger.overrideLogger(new JsonLogger('info', output));
    new Logger('House').error('It broke', 'Error: x\n    at somewhere (file.js:1:1)');
    expect(parse(output.lines[0])).toMatchObject({
      level: 'error',
      context: 'House',
      msg: 'It broke',
      stack: 'Error: x\n    at somewhere (file.js:1:1)',
    });
  });

  it('writes nothing below its level', () => {
    const output = recorder();
    const logger = new JsonLogger('warn', output);
    logger.log('quiet');
    logger.debug('quiet');
    logger.verbose('quiet');
    logger.fatal('loud');
    expect(output.lines).toHaveLength(1);
  });

  it('gives the stack of a fault of the service', () => {
    const output = recorder();
    new JsonLogger('info', output).error(new Error('The disk is full'));
    expect(parse(output.lines[0])['error']).toMatchObject({
      message: 'The disk is full',
      stack: expect.stringContaining('logger.spec'),
    });
  });

  it('gives no stack for what a client did wrong', () => {
    const output = recorder();
    const logger = new JsonLogger('info', output);
    logger.warn({ event: 'refused', error: new Refusal('invalid-field', { field: 'limit' }) });
    logger.warn({ event: 'refused', error: new BadRequestException() });
    for (const line of output.lines) expect(line).not.toContain('stack');
    expect(parse(output.lines[0])['error']).toEqual({ name: 'Refusal', code: 'invalid-field' });
  });

  it('writes no token, password or text of a message, wherever it stands [S38]', () => {
    const output = recorder();
    const logger = new JsonLogger('trace', output);
    logger.log('GET /chat?token=canary');
    logger.log({
      event: 'asked',
      note: 'Bearer canary',
      url: '/chat?ticket=canary',
      password: 'canary',
    });
    logger.error(new Error('at /chat?token=canary'));
    logger.debug('x', { frame: { data: 'canary' } });
    logger.verbose({ message: 'y', error: 'token=1&ticket=2 ?token=canary' });
    expect(output.lines).toHaveLength(5);
    expect(output.lines.join('')).not.toContain('canary');
  });
});
