import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Meters } from '../kernel/metrics/meters.js';
import { AddressBudget } from './address-budget.js';
import type { DirectExpressAdapter } from './express-adapter.js';
import { ProblemFilter } from './problem.filter.js';

/** What can be measured of the REST interface. */
@Injectable()
export class HttpMeters implements OnModuleInit {
  constructor(
    private readonly meters: Meters,
    private readonly host: HttpAdapterHost,
    filter: ProblemFilter,
    budget: AddressBudget,
  ) {
    meters.counter(
      'parley_address_budget_refusals_total',
      'Calls without a token refused to addresses that spent too much',
      () => budget.refused,
    );
    meters.counter('parley_http_problems_total', 'Requests refused, by code', filter.problems);
  }

  /** In a module under test, the adapter comes after all providers. */
  onModuleInit(): void {
    const { meters } = this;
    const { guard } = this.host.httpAdapter as DirectExpressAdapter;
    const { answers, queue, table, unreadable } = guard;
    meters.counter(
      'parley_http_unreadable_total',
      'Requests that could not be read or did not come in time, by code',
      unreadable.refused,
    );
    meters.gauge('parley_http_connections', 'Connections that speak HTTP', () => table.size);
    meters.counter(
      'parley_http_connections_displaced_total',
      'Connections closed as there were too many, by what became of them',
      table.displaced,
    );
    meters.gauge(
      'parley_http_requests_waiting',
      'Requests that wait for the answer to another one on their connection',
      () => queue.waiting,
    );
    meters.counter(
      'parley_http_requests_dropped_total',
      'Requests that were never handled, as their connection ended',
      () => queue.dropped,
    );
    meters.gauge(
      'parley_http_unread_bytes',
      'Bytes of answers that wait for their readers',
      () => answers.bytes,
    );
    meters.counter(
      'parley_http_answers_cut_total',
      'Answers cut off as nobody read them, by why',
      answers.cut,
    );
  }
}
