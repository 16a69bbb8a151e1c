import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { TicketService } from '../../auth/ticket.service.js';
import { TokenService } from '../../auth/token.service.js';
import { Refusal } from '../../kernel/refusal.js';

/** Finds out who wants to open a socket. */
@Injectable()
export class HandshakeAuth {
  constructor(
    private readonly tokens: TokenService,
    private readonly tickets: TicketService,
  ) {}

  /**
   * The token comes in the Authorization header, as a one-time ticket, or in the query.
   * @throws Refusal `unauthorized`, `invalid-token`, `token-expired` or `session-revoked`, by
   *   rejection
   */
  async authenticate(request: IncomingMessage, url: URL): Promise<Identity> {
    const bearer = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return this.tokens.verify(bearer);
    const ticket = url.searchParams.get('ticket');
    if (ticket) return await this.tickets.redeem(ticket);
    const token = url.searchParams.get('token');
    if (token) return this.tokens.verify(token);
    throw new Refusal('unauthorized');
  }
}
