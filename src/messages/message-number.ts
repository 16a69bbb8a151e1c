import { Injectable, type PipeTransform } from '@nestjs/common';
import { Refusal } from '../kernel/refusal.js';

/** The number of a message in a path. Digits only: `Number` also reads 0x10 and 1e9. */
@Injectable()
export class MessageNumber implements PipeTransform<string, number> {
  transform(given: string): number {
    const seq = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
    if (seq >= 1 && seq <= Number.MAX_SAFE_INTEGER) return seq;
    throw new Refusal('invalid-field', { field: 'seq' });
  }
}
