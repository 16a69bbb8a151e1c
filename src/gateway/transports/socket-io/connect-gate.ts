import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import type { Identity } from '../../../auth/identity.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Refusal } from '../../../kernel/refusal.js';
import { toRefusal } from '../../../kernel/to-refusal.js';
import { type Credentials, HandshakeAuth } from '../../admission/handshake-auth.js';
import { RefusalTally } from '../../admission/refusal-tally.js';
import { ConnectionRegistry } from '../../connections/connection-registry.js';
import type { CloseFrame } from '../../wire/close-codes.js';
import { closeOf, rejectFrame } from '../../wire/reject-frame.js';
import { setRecoveryId, setSocketId } from './engine-inside.js';
import { Memberships } from '../../catch-up/memberships.js';
import { Recovery, type Return } from './recovery.js';
import { socketIdOf } from './recovery-id.js';

/** The decision on a CONNECT. */
export type Verdict =
  | {
      readonly identity: Identity;
      readonly back: Return;
      readonly asksItself: boolean;
      /** To be called when the connection has begun: see {@link Memberships.prepare}. */
      readonly release: () => void;
    }
  | { readonly refusal: Refusal; readonly close: CloseFrame };

/** Decides on each CONNECT packet: who it is, and whether they recover an earlier connection. */
@Injectable()
export class ConnectGate {
  private readonly logger = new Logger(ConnectGate.name);

  constructor(
    private readonly auth: HandshakeAuth,
    private readonly registry: ConnectionRegistry,
    private readonly memberships: Memberships,
    private readonly recovery: Recovery,
    private readonly refused: RefusalTally,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @param socket one that {@link judge} let through */
  static verdictOn(socket: Socket): Verdict {
    return socket.data as Verdict;
  }

  /**
   * Refusals that end the session are sent as an event, once it is open; all others refuse the
   * CONNECT.
   */
  async judge(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      socket.data = await this.look(socket);
      next();
    } catch (error) {
      const failing = { logger: this.logger, event: 'handshake-failed', retryable: true };
      const refusal = toRefusal(error, failing);
      this.refused.byCode.count(refusal.code);
      const { type: _type, ...data } = rejectFrame(refusal, this.settings.locale, null);
      next(Object.assign(new Error(refusal.code), { data }));
    }
  }

  /** @throws Refusal by rejection, where the client may try again */
  private async look(socket: Socket): Promise<Verdict> {
    const auth = socket.handshake.auth as Readonly<Record<string, unknown>>;
    const { query, headers } = socket.handshake;
    const asksItself = isYes(auth['resume']) || isYes(query['resume']);
    try {
      const identity = await this.auth.authenticate(
        credentialsOf(auth) ?? {
          authorization: headers.authorization,
          ticket: textOf(query['ticket']),
          token: textOf(query['token']),
        },
      );
      this.registry.checkPerson(identity.user.id);
      const release = await this.memberships.prepare(identity.user.id);
      // Also where it never begins.
      socket.conn.once('close', release);
      const back = await this.recovery.welcomeBack(identity.user, auth, asksItself);
      setSocketId(socket, socketIdOf(back.id));
      setRecoveryId(socket, back.id);
      return { identity, back, asksItself, release };
    } catch (error) {
      const close = error instanceof Refusal ? closeOf(error) : null;
      if (!(error instanceof Refusal) || close === null) throw error;
      this.refused.byCode.count(error.code);
      return { refusal: error, close };
    }
  }
}

/** The CONNECT packet's credentials take precedence over the request's. */
function credentialsOf(auth: Readonly<Record<string, unknown>>): Credentials | null {
  const token = textOf(auth['token']);
  const ticket = textOf(auth['ticket']);
  if (token) return { token };
  return ticket ? { ticket } : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isYes(value: unknown): boolean {
  return value === true || value === 1 || value === '1';
}
