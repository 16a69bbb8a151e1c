import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Refusal } from '../../kernel/refusal.js';
import { TokenBuckets } from '../../kernel/limits/token-buckets.js';
import { DO_NOT_RECONNECT } from '../wire/close-codes.js';
import type { Connection } from './connection.js';

/** A burst: a person's mistakes are forgiven, a program that keeps making them is not. */
const FAULTS_AT_ONCE = 30;
const FAULTS_PER_SECOND = 2;

/** Closes connections that keep breaking the protocol (1008). */
@Injectable()
export class Abuse {
  private readonly logger = new Logger(Abuse.name);
  private readonly faults: TokenBuckets;

  constructor(clock: Clock) {
    this.faults = new TokenBuckets(clock, FAULTS_PER_SECOND, FAULTS_AT_ONCE);
  }

  count(connection: Connection, { code, rule }: Refusal): void {
    if (rule.fault !== 'client') return;
    if (this.faults.take(connection.id) === 0) return;
    this.logger.warn({ event: 'closed-for-abuse', connection: connection.id, code });
    connection.close(DO_NOT_RECONNECT.policy);
  }

  forget(connection: Connection): void {
    this.faults.reset(connection.id);
  }
}
