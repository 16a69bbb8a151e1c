import { Logger } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';
import { systemCodeOf } from '../../kernel/start-failure.js';

const logger = new Logger('Attachments');

/** What the system says of files is not for clients: they are told whether to try again. */
export async function failing<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const code = systemCodeOf(error);
    if (error instanceof Refusal || code === null) throw error;
    logger.warn({ event: 'attachments-disk-failed', code });
    throw new Refusal('store-unavailable', { retryable: true });
  }
}

export function isMissing(error: unknown): boolean {
  return systemCodeOf(error) === 'ENOENT';
}
