import { Injectable } from '@nestjs/common';
import { Tally } from '../../kernel/metrics/tally.js';
import { REFUSAL_CODES } from '../../kernel/refusals.js';

/** Counts the sockets that were not opened, whoever refused them. */
@Injectable()
export class RefusedUpgrades {
  readonly byCode = new Tally('code', REFUSAL_CODES);
}
