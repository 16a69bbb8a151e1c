import type { LoggerService } from '@nestjs/common';

/**
 * Logs the beginning and the end of an outage: two lines, whatever number of refusals in between.
 */
export class OutageLog {
  private cause: string | null = null;

  /** @param subject what is failing, in an operator's terms */
  constructor(
    private readonly logger: LoggerService,
    private readonly subject: string,
  ) {}

  /** @param cause the same for every failure of one kind; never anything that a client sent */
  failed(cause: string): void {
    if (this.cause === cause) return;
    this.cause = cause;
    this.logger.error(`${this.subject} is failing: ${cause}`);
  }

  worked(): void {
    if (this.cause === null) return;
    this.cause = null;
    this.logger.log(`${this.subject} works again`);
  }
}
