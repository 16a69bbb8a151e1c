import { Injectable } from '@nestjs/common';
import { Meters } from '../kernel/meters.js';
import { PasswordHasher } from './password-hasher.js';
import { PersonBudget } from './person-budget.js';

/** What can be measured of logging in. */
@Injectable()
export class AuthMeters {
  constructor(meters: Meters, hasher: PasswordHasher, budget: PersonBudget) {
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
  }
}
