import { Module } from '@nestjs/common';
import { BodyValidationPipe } from './body-validation.pipe.js';
import { ClientAddress } from './client-address.js';
import { ClientView } from './client-view.js';
import { HttpMeters } from './http-meters.js';
import { ProblemFilter } from './problem.filter.js';

/** What every house needs that answers over HTTP. */
@Module({
  providers: [BodyValidationPipe, ClientAddress, ClientView, HttpMeters, ProblemFilter],
  exports: [BodyValidationPipe, ClientAddress, ClientView, ProblemFilter],
})
export class HttpModule {}
