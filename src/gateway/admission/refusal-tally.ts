import { Injectable } from '@nestjs/common';
import { REFUSAL_CODES } from '@parley/protocol';
import { Tally } from '../../kernel/metrics/tally.js';

/** Counts refused sockets, whoever refused them. */
@Injectable()
export class RefusalTally {
  readonly byCode = new Tally('code', REFUSAL_CODES);
}
