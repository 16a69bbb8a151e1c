import { Injectable } from '@nestjs/common';
import { Meters } from '../kernel/metrics/meters.js';
import { Guests } from './accounts/guests.js';
import { PasswordHasher } from './accounts/password-hasher.js';
import { PersonBudget } from './person-budget.js';
import { SessionService } from './sessions/session.service.js';

/** What can be measured of logging in. */
@Injectable()
export class AuthMeters {
  constructor(
    meters: Meters,
    hasher: PasswordHasher,
    sessions: SessionService,
    guests: Guests,
    budget: PersonBudget,
  ) {
    meters.counter(
      'parley_person_budget_refusals_total',
      'Commands and calls refused to people who spent too much, by kind',
      budget.refused,
    );
    meters.gauge('parley_password_hashes', 'Password hashes under way, by state', hasher.load);
    meters.counter(
      'parley_password_hashes_done_total',
      'Passwords that were hashed or compared',
      () => hasher.done,
    );
    meters.counter(
      'parley_password_hashes_refused_total',
      'Passwords not hashed because others were waiting, by whether the address was familiar',
      hasher.refused,
    );
    meters.counter(
      'parley_refreshes_total',
      'Refresh tokens brought, by outcome',
      sessions.refreshes,
    );
    meters.gauge('parley_guests', 'Guests whose names are taken', () => guests.count);
    meters.counter(
      'parley_guests_gone_total',
      'Guests who went: expired, left by themselves, or were forgotten',
      guests.departures,
    );
  }
}
