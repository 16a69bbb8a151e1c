import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../kernel/refusal.js';
import { identify } from './current-identity.js';
import { TokenService } from './token.service.js';

const BEARER = /^Bearer +(\S+) *$/i;

/**
 * Lets in who brings a valid access token in the Authorization header, and from nowhere else: what
 * stands in a URL ends up in histories and logs.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly tokens: TokenService) {}

  /** @throws Refusal `unauthorized`, or as {@link TokenService.verify} */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new Refusal('unauthorized');
    identify(request, await this.tokens.verify(token));
    return true;
  }
}
