import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { PersonBudget } from '../../auth/person-budget.js';
import {
  COLLECTS_FOR,
  type Handler,
  type OwnRate,
  type Payer,
  priceOf,
} from '../../kernel/limits/cost.js';
import type { Connection } from '../connections/connection.js';

/** Charges a command to its person, whichever connection it came on. */
@Injectable()
export class CostGuard implements CanActivate {
  static readonly [COLLECTS_FOR]: Payer = 'person';
  private readonly costs = new Map<Handler, number | OwnRate>();

  constructor(private readonly budget: PersonBudget) {}

  /** @throws Refusal `rate-limited`, with the delay after which there will be enough */
  canActivate(context: ExecutionContext): boolean {
    const { person } = context.switchToWs().getClient<Connection>();
    this.budget.spend(person.id, this.costOf(context.getHandler()));
    return true;
  }

  /** Cached: metadata is slow to read, and this is needed for each frame. */
  private costOf(handler: Handler): number | OwnRate {
    let cost = this.costs.get(handler);
    if (cost === undefined) {
      cost = priceOf(handler)?.units ?? 0;
      this.costs.set(handler, cost);
    }
    return cost;
  }
}
