import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Logger } from '@nestjs/common';
import { REFUSAL_CODES } from '@parley/protocol';
import { PersonBudget } from '../../auth/person-budget.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { Abuse } from '../connections/abuse.js';
import { DO_NOT_RECONNECT } from '../wire/close-codes.js';
import { refOf } from '../wire/unreadable-frame.js';
import { Connection } from '../connections/connection.js';
import { errorFrame, rejectFrame } from '../wire/reject-frame.js';

/** What it costs to read a frame in vain. */
const UNHANDLED_UNITS = 1;

/**
 * Answers whatever a handler, its guards or its pipes threw. The client learns the code and the
 * field, never what it sent, and never what happened inside.
 */
@Catch()
export class RejectFilter implements ExceptionFilter {
  /** Frames that were refused, by why. */
  readonly rejected = new Tally('code', REFUSAL_CODES);
  private readonly logger = new Logger(RejectFilter.name);

  constructor(
    private readonly abuse: Abuse,
    private readonly budget: PersonBudget,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const ws = host.switchToWs();
    const connection = ws.getClient<unknown>();
    if (!(connection instanceof Connection)) return;
    const body = ws.getData<Readonly<Record<string, unknown>>>();
    this.answer(connection, error, refOf(body));
  }

  /**
   * Refuses a frame that came to no handler, and so was not paid for: it could not be read, or
   * there is no such type.
   */
  refuseUnhandled(connection: Connection, error: unknown, ref: string | null): void {
    try {
      this.budget.spend(connection.person.id, UNHANDLED_UNITS);
    } catch (tooMuch) {
      this.answer(connection, tooMuch, ref);
      return;
    }
    this.answer(connection, error, ref);
  }

  /** Rejects, or ends the session where its token is what is wrong. */
  answer(connection: Connection, error: unknown, ref: string | null): void {
    const refusal = this.toRefusal(error, connection);
    const { locale } = this.settings;
    this.rejected.count(refusal.code);
    if (refusal.code === 'token-expired' || refusal.code === 'invalid-token') {
      connection.end(errorFrame(refusal, locale));
    } else if (refusal.code === 'session-revoked') {
      connection.end(errorFrame(refusal, locale), DO_NOT_RECONNECT.revoked);
    } else {
      connection.send(rejectFrame(refusal, locale, ref));
      this.abuse.count(connection, refusal.code);
    }
  }

  private toRefusal(error: unknown, connection: Connection): Refusal {
    if (error instanceof Refusal) return error;
    this.logger.error({ event: 'handler-failed', connection: connection.id, error });
    return new Refusal('internal', { retryable: true });
  }
}
