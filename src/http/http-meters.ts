import { Injectable } from '@nestjs/common';
import { Meters } from '../kernel/meters.js';
import { ProblemFilter } from './problem.filter.js';

/** What can be measured of the REST interface. */
@Injectable()
export class HttpMeters {
  constructor(meters: Meters, filter: ProblemFilter) {
    meters.counter('parley_http_problems_total', 'Requests refused, by code', filter.problems);
  }
}
