import { Injectable, Logger } from '@nestjs/common';

/** Whether the store answers, told once when that changes. */
@Injectable()
export class S3Outage {
  private readonly logger = new Logger('Attachments');
  private isOut = false;

  get isOver(): boolean {
    return !this.isOut;
  }

  began(cause: unknown): void {
    if (this.isOut) return;
    this.isOut = true;
    this.logger.warn({ event: 's3-unavailable', cause: reasonOf(cause) });
  }

  ended(): void {
    if (!this.isOut) return;
    this.isOut = false;
    this.logger.log({ event: 's3-available' });
  }
}

/** What Node says of a connection names addresses at most: no key, and no URL that is signed. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown';
}
