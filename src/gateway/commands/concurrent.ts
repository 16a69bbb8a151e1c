import { SetMetadata } from '@nestjs/common';
import type { Handler } from '../../kernel/limits/cost.js';

const CONCURRENT = 'parley:concurrent';

/**
 * On a handler that may take long: later frames of the connection do not wait for it. Frames for such
 * handlers are carried out one after the other all the same.
 */
export function Concurrent(): MethodDecorator {
  return SetMetadata(CONCURRENT, true);
}

export function isConcurrent(handler: Handler): boolean {
  return Reflect.hasMetadata(CONCURRENT, handler);
}
