import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Logger } from '@nestjs/common';
import { REFUSAL_CODES } from '@parley/protocol';
import { PersonBudget } from '../../auth/person-budget.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { toRefusal } from '../../kernel/to-refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { Abuse } from '../connections/abuse.js';
import { refOf } from '../wire/unreadable-frame.js';
import { Connection } from '../connections/connection.js';
import { closeOf, errorFrame, rejectFrame } from '../wire/reject-frame.js';

/** Cost of a frame that reaches no handler. */
const UNHANDLED_UNITS = 1;

/**
 * Answers what a handler, its guards or its pipes threw. The client learns the code and the field,
 * never its own input, and nothing internal.
 */
@Catch()
export class RejectFilter implements ExceptionFilter {
  /** Refused frames, by code. */
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
    this.answer(connection, error, refOf(body), body);
  }

  /**
   * Refuses a frame that reached no handler, and so was not paid for: unreadable, or of an unknown
   * type.
   * @param subject its body; the error where it could not be read
   */
  refuseUnhandled(
    connection: Connection,
    error: unknown,
    ref: string | null,
    subject: unknown,
  ): void {
    try {
      this.budget.spend(connection.person.id, UNHANDLED_UNITS);
    } catch (tooMuch) {
      this.answer(connection, tooMuch, ref, subject);
      return;
    }
    this.answer(connection, error, ref, subject);
  }

  /**
   * Rejects, or ends the session where its token is at fault.
   * @param subject as for {@link Connection.refuse}
   */
  answer(connection: Connection, error: unknown, ref: string | null, subject: unknown): void {
    const fields = { connection: connection.id };
    const failing = { logger: this.logger, event: 'handler-failed', fields, retryable: true };
    const refusal = toRefusal(error, failing);
    const { locale } = this.settings;
    this.rejected.count(refusal.code);
    const close = closeOf(refusal);
    if (close !== null) {
      connection.end(errorFrame(refusal, locale), close);
      return;
    }
    connection.refuse(rejectFrame(refusal, locale, ref), subject);
    this.abuse.count(connection, refusal);
  }
}
