import { createSecretKey } from 'node:crypto';
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SETTINGS, type Settings } from '../config/settings.js';
import { HttpModule } from '../http/http.module.js';
import { Clock } from '../kernel/clock.js';
import { AccessGuard } from './http/access.guard.js';
import { AccountWatch } from './accounts/account-watch.js';
import { AccountService } from './accounts/account.service.js';
import { AttemptLimiter } from './accounts/attempt-limiter.js';
import { AuthMeters } from './auth-meters.js';
import { AuthController } from './http/auth.controller.js';
import { DeletionTime } from './accounts/deletion-time.js';
import { FamiliarAddresses } from './accounts/familiar-addresses.js';
import { Guests } from './accounts/guests.js';
import { loadJwtSecret } from './tokens/jwt-secret.js';
import { PasswordHasher } from './accounts/password-hasher.js';
import { PersonBudget } from './person-budget.js';
import { SessionPruning } from './sessions/session-pruning.js';
import { RevokedSessions } from './sessions/revoked-sessions.js';
import { SessionService } from './sessions/session.service.js';
import { TicketService } from './tokens/ticket.service.js';
import { TokenService } from './tokens/token.service.js';
import { UserDirectory } from './accounts/user-directory.js';
import { UserStore } from './accounts/user-store.js';

/** Who somebody is: accounts, passwords, sessions, tokens. */
@Module({
  imports: [
    HttpModule,
    JwtModule.registerAsync({
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => {
        // Made once: given a string, jsonwebtoken would build a key for each token.
        const key = createSecretKey(await loadJwtSecret(settings), 'utf8');
        return { secretOrKeyProvider: () => key };
      },
    }),
  ],
  controllers: [AuthController],
  providers: [
    AccessGuard,
    AccountService,
    AccountWatch,
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
    RevokedSessions,
    SessionService,
    TicketService,
    TokenService,
    UserDirectory,
  ],
  exports: [
    AccessGuard,
    AccountWatch,
    PersonBudget,
    RevokedSessions,
    TicketService,
    TokenService,
    UserDirectory,
  ],
})
export class AuthModule {}
