import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';
import type { Identity } from '../identity.js';

const identities = new WeakMap<object, Identity>();

/** Notes who is asking, for the handlers behind the guard. */
export function identify(request: object, identity: Identity): void {
  identities.set(request, identity);
}

/** @throws Refusal `unauthorized` where no guard has noted who is asking */
function identityOf(request: object): Identity {
  const identity = identities.get(request);
  if (!identity) throw new Refusal('unauthorized');
  return identity;
}

/** The identity of who is asking. The handler stands behind the AccessGuard. */
export const CurrentIdentity = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Identity =>
    identityOf(context.switchToHttp().getRequest<object>()),
);
