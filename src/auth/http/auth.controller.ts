import type { IncomingMessage } from 'node:http';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  Post,
  Req,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { BodyValidationPipe } from '../../http/body-validation.pipe.js';
import { AddressCost } from '../../http/address-cost.js';
import { ClientAddress } from '../../http/client-address.js';
import { Cost } from '../../kernel/limits/cost.js';
import { Refusal } from '../../kernel/refusal.js';
import { AccessGuard } from './access.guard.js';
import { AccountService } from '../accounts/account.service.js';
import { AttemptLimiter } from '../accounts/attempt-limiter.js';
import { CurrentIdentity } from './current-identity.js';
import { CredentialsDto } from './dto/credentials.dto.js';
import { GuestEntryDto } from './dto/guest-entry.dto.js';
import { PasswordChangeDto } from './dto/password-change.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import type { Identity } from '../identity.js';
import { SessionService } from '../sessions/session.service.js';
import { TicketService } from '../tokens/ticket.service.js';
import type { TokenAnswer } from './token-answer.js';
import { UserStore } from '../accounts/user-store.js';

interface TicketAnswer {
  readonly ticket: string;
  /** Seconds. */
  readonly expires_in: number;
}

interface MeAnswer {
  readonly id: string;
  readonly username: string;
  readonly guest: boolean;
  /** Milliseconds since the epoch. */
  readonly created_at: number;
}

interface OptionsAnswer {
  readonly registration: boolean;
  readonly guests: boolean;
  /** Code points. */
  readonly username: { readonly max: number };
  readonly password: { readonly min: number; readonly max: number };
}

/** Coming in, staying in, going. */
@Controller('auth')
@UsePipes(BodyValidationPipe)
export class AuthController {
  constructor(
    private readonly accounts: AccountService,
    private readonly sessions: SessionService,
    private readonly tickets: TicketService,
    private readonly attempts: AttemptLimiter,
    private readonly addresses: ClientAddress,
    private readonly users: UserStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** What a log-in form should offer and demand. */
  @Get('options')
  @AddressCost(1)
  describeEntry(): OptionsAnswer {
    const { registration, guests, limits } = this.settings;
    return {
      registration,
      guests,
      username: { max: limits.usernameLength },
      password: { min: limits.passwordMin, max: limits.passwordMax },
    };
  }

  @Post('register')
  @AddressCost(5)
  async register(
    @Body() { username, password }: CredentialsDto,
    @Req() request: IncomingMessage,
  ): Promise<TokenAnswer> {
    const address = this.addresses.of(request);
    return this.sessions.open(await this.accounts.register(username, password, address));
  }

  @Post('login')
  @AddressCost(5)
  @HttpCode(HttpStatus.OK)
  async logIn(
    @Body() { username, password }: CredentialsDto,
    @Req() request: IncomingMessage,
  ): Promise<TokenAnswer> {
    const address = this.addresses.of(request);
    return this.sessions.open(await this.accounts.logIn(username, password, address));
  }

  @Post('guest')
  @AddressCost(5)
  async admitGuest(
    @Body() { username }: GuestEntryDto,
    @Req() request: IncomingMessage,
  ): Promise<TokenAnswer> {
    const address = this.addresses.of(request);
    return this.sessions.open(await this.accounts.admitGuest(username ?? null, address));
  }

  @Post('refresh')
  @AddressCost(5)
  @HttpCode(HttpStatus.OK)
  async refresh(
    @Body() { refresh_token }: RefreshDto,
    @Req() request: IncomingMessage,
  ): Promise<TokenAnswer> {
    const address = this.addresses.of(request);
    this.attempts.countExchange(address);
    const { account, answer } = await this.sessions.refresh(refresh_token);
    await this.accounts.welcome(account, address);
    return answer;
  }

  @Post('logout')
  @Cost(5)
  @UseGuards(AccessGuard)
  @HttpCode(HttpStatus.NO_CONTENT)
  async logOut(@CurrentIdentity() identity: Identity): Promise<void> {
    await this.sessions.end(identity);
  }

  @Post('password')
  @Cost(20)
  @UseGuards(AccessGuard)
  @HttpCode(HttpStatus.NO_CONTENT)
  async changePassword(
    @CurrentIdentity() identity: Identity,
    @Body() { current_password, new_password }: PasswordChangeDto,
    @Req() request: IncomingMessage,
  ): Promise<void> {
    const address = this.addresses.of(request);
    const { from, to } = await this.accounts.proveForChange(
      identity.user.id,
      current_password,
      new_password,
      address,
    );
    await this.sessions.changePassword(identity, from, to);
  }

  @Post('ticket')
  @Cost(5)
  @UseGuards(AccessGuard)
  async issueTicket(
    @CurrentIdentity() identity: Identity,
    @Req() request: IncomingMessage,
  ): Promise<TicketAnswer> {
    this.attempts.countExchange(this.addresses.of(request));
    const { ticket, expiresIn } = await this.tickets.issue(identity);
    return { ticket, expires_in: expiresIn };
  }

  @Get('me')
  @Cost(2)
  @UseGuards(AccessGuard)
  async describeMe(@CurrentIdentity() { user }: Identity): Promise<MeAnswer> {
    const account = await this.users.findById(user.id);
    if (account === null) throw new Refusal('invalid-token');
    const { id, username, passwordHash, createdAt } = account;
    return { id, username, guest: passwordHash === null, created_at: createdAt };
  }
}
