import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { TicketService } from '../../auth/tokens/ticket.service.js';
import { TokenService } from '../../auth/tokens/token.service.js';
import { refuseOtherForms } from '../../http/parameters.js';
import { Refusal } from '../../kernel/refusal.js';

const PARAMETERS = ['token', 'ticket', 'resume'];

/** What a client authenticates with; of several the first counts. */
export interface Credentials {
  /** The Authorization header. */
  readonly authorization?: string | undefined;
  readonly ticket?: string | null | undefined;
  readonly token?: string | null | undefined;
}

/** Authenticates handshakes. */
@Injectable()
export class HandshakeAuth {
  constructor(
    private readonly tokens: TokenService,
    private readonly tickets: TicketService,
  ) {}

  /**
   * Reads a request's credentials: a token in a header, a one-time ticket or a token in the query.
   * @throws Refusal `bad-request` where the query repeats one, `invalid-field` where it writes one
   *   as an array
   */
  static credentialsOf(request: IncomingMessage, url: URL): Credentials {
    const names = [...url.searchParams.keys()];
    if (new Set(names).size < names.length) throw new Refusal('bad-request');
    refuseOtherForms(names, PARAMETERS);
    return {
      authorization: request.headers.authorization,
      ticket: url.searchParams.get('ticket'),
      token: url.searchParams.get('token'),
    };
  }

  /**
   * @throws Refusal `unauthorized`, `invalid-token`, `token-expired` or `session-revoked`, by
   *   rejection
   */
  async authenticate({ authorization, ticket, token }: Credentials): Promise<Identity> {
    const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (bearer !== undefined) return this.tokens.verify(bearer);
    if (ticket) return await this.tickets.redeem(ticket);
    if (token) return this.tokens.verify(token);
    throw new Refusal('unauthorized');
  }
}
