import { Injectable } from '@nestjs/common';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';

/** For a single node: there are no others to tell. */
@Injectable()
export class NoLimitExchange extends LimitExchange {
  override tell(): void {
    return;
  }

  override hear(): void {
    return;
  }

  override offer(): void {
    return;
  }

  override elsewhere(): number {
    return 0;
  }
}
