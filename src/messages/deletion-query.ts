import { Injectable, type PipeTransform } from '@nestjs/common';
import { type RawQuery, refuseOtherForms, whole } from '../http/parameters.js';
import { Refusal } from '../kernel/refusal.js';

/** How a message is deleted. */
export interface DeletionWish {
  /** The last number of a range that begins with the message; null: the message alone. */
  readonly upTo: number | null;
  /** For people; null: none. */
  readonly reason: string | null;
}

/** `up_to` and `reason`, which may both be left out. */
@Injectable()
export class DeletionQuery implements PipeTransform<RawQuery, DeletionWish> {
  transform(query: RawQuery): DeletionWish {
    refuseOtherForms(Object.keys(query), ['up_to', 'reason']);
    const upTo = query['up_to'] === undefined ? null : whole(query, 'up_to', 1);
    return { upTo, reason: reasonOf(query) };
  }
}

/** One that is empty is checked with the others, as any text. */
function reasonOf(query: RawQuery): string | null {
  const { reason = null } = query;
  if (reason === null || typeof reason === 'string') return reason;
  throw new Refusal('invalid-field', { field: 'reason' });
}
