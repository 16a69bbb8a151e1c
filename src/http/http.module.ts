import { Module } from '@nestjs/common';
import { AddressBudget } from './address-budget.js';
import { BodyValidationPipe } from './body-validation.pipe.js';
import { ClientAddress } from './client-address.js';
import { ClientView } from './client-view.js';
import { HttpMeters } from './http-meters.js';
import { ProblemFilter } from './problem.filter.js';
import { RouteCosts } from './route-costs.js';

/** What every area that answers over HTTP needs. */
@Module({
  providers: [
    AddressBudget,
    BodyValidationPipe,
    ClientAddress,
    ClientView,
    HttpMeters,
    ProblemFilter,
    RouteCosts,
  ],
  exports: [AddressBudget, BodyValidationPipe, ClientAddress, ClientView, ProblemFilter],
})
export class HttpModule {}
