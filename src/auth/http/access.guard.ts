import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AddressBudget } from '../../http/address-budget.js';
import { COLLECTS_FOR, type Payer, priceOf } from '../../kernel/limits/cost.js';
import { Refusal } from '../../kernel/refusal.js';
import { identify } from './current-identity.js';
import { PersonBudget } from '../person-budget.js';
import { TokenService } from '../tokens/token.service.js';

const BEARER = /^Bearer +(\S+) *$/i;

/**
 * Lets in whoever brings a valid access token in the Authorization header, and nowhere else: URLs
 * end up in histories and logs. The person pays for the call.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  static readonly [COLLECTS_FOR]: Payer = 'person';

  constructor(
    private readonly tokens: TokenService,
    private readonly people: PersonBudget,
    private readonly addresses: AddressBudget,
  ) {}

  /** @throws Refusal `unauthorized`, `rate-limited`, or as {@link TokenService.verify} */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new Refusal('unauthorized');
    const identity = await this.tokens.verify(token);
    identify(request, identity);
    this.addresses.leaveToPerson(request);
    this.people.spend(identity.user.id, priceOf(context.getHandler())?.units ?? 0);
    return true;
  }
}
