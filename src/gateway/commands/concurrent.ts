import { SetMetadata } from '@nestjs/common';
import type { Handler } from '../../kernel/limits/cost.js';

const CONCURRENT = 'parley:concurrent';

/**
 * On a handler that may take long: later frames of the connection need not wait for it (no
 * head-of-line blocking). Frames for such handlers still run one at a time.
 */
export function Concurrent(): MethodDecorator {
  return SetMetadata(CONCURRENT, true);
}

export function isConcurrent(handler: Handler): boolean {
  return Reflect.hasMetadata(CONCURRENT, handler);
}
