import { createSecretKey } from 'node:crypto';
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SETTINGS, type Settings } from '../config/settings.js';
import { HttpModule } from '../http/http.module.js';
import { Clock } from '../kernel/clock.js';
import { AccessGuard } from './access.guard.js';
import { AccountService } from './account.service.js';
import { AttemptLimiter } from './attempt-limiter.js';
import { AuthMeters } from './auth-meters.js';
import { AuthController } from './auth.controller.js';
import { DeletionTime } from './deletion-time.js';
import { FamiliarAddresses } from './familiar-addresses.js';
import { Guests } from './guests.js';
import { loadJwtSecret } from './jwt-secret.js';
import { PasswordHasher } from './password-hasher.js';
import { PersonBudget } from './person-budget.js';
import { SessionPruning } from './session-pruning.js';
import { SessionRegistry } from './session-registry.js';
import { SessionService } from './session.service.js';
import { TicketService } from './ticket.service.js';
import { TokenService } from './token.service.js';
import { UserDirectory } from './user-directory.js';
import { UserStore } from './user-store.js';

/** Who somebody is: accounts, passwords, sessions, tokens. */
@Module({
  imports: [
    HttpModule,
    JwtModule.registerAsync({
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => {
        // Made once: from a text, jsonwebtoken would make a key for each token.
        const key = createSecretKey(await loadJwtSecret(settings), 'utf8');
        return { secretOrKeyProvider: () => key };
      },
    }),
  ],
  controllers: [AuthController],
  providers: [
    AccessGuard,
    AccountService,
    AttemptLimiter,
    AuthMeters,
    DeletionTime,
    Guests,
    {
      provide: FamiliarAddresses,
      inject: [UserStore, Clock, SETTINGS],
      useFactory: async (users: UserStore, clock: Clock, settings: Settings) =>
        new FamiliarAddresses(users, clock, await loadJwtSecret(settings)),
    },
    PasswordHasher,
    PersonBudget,
    SessionPruning,
    SessionRegistry,
    SessionService,
    TicketService,
    TokenService,
    UserDirectory,
  ],
  exports: [AccessGuard, PersonBudget, SessionRegistry, TicketService, TokenService, UserDirectory],
})
export class AuthModule {}
