import { Injectable } from '@nestjs/common';
import { Meters } from '../kernel/meters.js';
import { AddressBudget } from './address-budget.js';
import { ProblemFilter } from './problem.filter.js';

/** What can be measured of the REST interface. */
@Injectable()
export class HttpMeters {
  constructor(meters: Meters, filter: ProblemFilter, budget: AddressBudget) {
    meters.counter(
      'parley_address_budget_refusals_total',
      'Calls without a token refused to addresses that spent too much',
      () => budget.refused,
    );
    meters.counter('parley_http_problems_total', 'Requests refused, by code', filter.problems);
  }
}
