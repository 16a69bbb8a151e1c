import type { IncomingMessage } from 'node:http';
import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { COLLECTS_FOR, type Payer, priced, priceOf } from '../kernel/limits/cost.js';
import { AddressBudget } from './address-budget.js';

/** Charges a call without a token to its address. */
@Injectable()
class AddressCostGuard implements CanActivate {
  static readonly [COLLECTS_FOR]: Payer = 'address';

  constructor(private readonly budget: AddressBudget) {}

  /** @throws Refusal `rate-limited` */
  canActivate(context: ExecutionContext): boolean {
    const units = Number(priceOf(context.getHandler())?.units ?? 0);
    this.budget.payFor(context.switchToHttp().getRequest<IncomingMessage>(), units);
    return true;
  }
}

/** Declares what a call costs its address, on a handler that needs no token. */
export function AddressCost(units: number): MethodDecorator {
  return applyDecorators(priced({ payer: 'address', units }), UseGuards(AddressCostGuard));
}
