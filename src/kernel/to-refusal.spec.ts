import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Refusal } from './refusal.js';
import { REFUSAL_CODES } from '@parley/protocol';
import { REFUSALS } from './refusal-rules.js';
import { toRefusal } from './to-refusal.js';

/** A logger that records its lines. */
class Lines extends Logger {
  readonly lines: unknown[] = [];

  override error(line: unknown): void {
    this.lines.push(line);
  }
}

describe('What a failed request is answered with', () => {
  it('is the refusal that was thrown, and the log has nothing of it', () => {
    const logger = new Lines();
    const thrown = new Refusal('busy', { retryAfter: 50 });

    expect(toRefusal(thrown, { logger, event: 'failed' })).toBe(thrown);
    expect(logger.lines).toEqual([]);
  });

  it('is `internal` for anything else, with one line in the log that says where to look', () => {
    const logger = new Lines();
    const error = new Error('the table of secrets is gone');
    const refusal = toRefusal(error, { logger, event: 'failed', fields: { request: 'r1' } });

    expect(refusal).toMatchObject({ code: 'internal', retryable: false });
    expect(JSON.stringify(refusal)).not.toContain('secrets');
    expect(logger.lines).toEqual([{ event: 'failed', request: 'r1', error }]);
  });

  it('is told by a line also where an engine found the defect', () => {
    const logger = new Lines();
    const thrown = new Refusal('internal');

    expect(toRefusal(thrown, { logger, event: 'failed', retryable: true })).toBe(thrown);
    expect(thrown.retryable).toBe(false);
    expect(logger.lines).toHaveLength(1);
  });

  it('may be tried again after a defect where the way in says so', () => {
    const failing = { logger: new Lines(), event: 'failed', retryable: true };

    expect(toRefusal('no error at all', failing).retryable).toBe(true);
  });
});

describe('The table of refusals', () => {
  it('lets a client try again exactly where the status says so, too', () => {
    for (const code of REFUSAL_CODES) {
      const { status } = REFUSALS[code];
      // What is still being read conflicts with its use now, and will not in a moment.
      const isPassing = status === 429 || status === 503 || code === 'attachment-not-ready';
      expect([code, new Refusal(code).retryable]).toEqual([code, isPassing]);
    }
  });

  it('ends a session only where the token is what is wrong', () => {
    for (const code of REFUSAL_CODES) {
      const { status, ends } = new Refusal(code).rule;
      if (ends !== undefined) expect([code, status]).toEqual([code, 401]);
    }
  });

  it('counts none of the troubles of the service as abuse', () => {
    for (const code of REFUSAL_CODES) {
      const { status, fault } = REFUSALS[code];
      expect([code, fault === 'service']).toEqual([code, status >= 500]);
    }
  });
});
