import { Injectable, Logger } from '@nestjs/common';
import { Listeners } from '../../kernel/listeners.js';
import type { Person } from '../../kernel/person.js';

type Greet = (person: Person) => Promise<void>;

/** Tells other areas of accounts that come and go, so that this one need not know them. */
@Injectable()
export class AccountWatch {
  private readonly logger = new Logger(AccountWatch.name);
  private readonly greetings = new Set<Greet>();
  private readonly departures = new Listeners<[]>(AccountWatch.name);

  /** Calls for each new account, before the person is let in. A failure keeps nobody out. */
  onCreated(greet: Greet): void {
    this.greetings.add(greet);
  }

  /** Calls when accounts have lost their names: the store knows which. */
  onGone(hear: () => void): void {
    this.departures.add(hear);
  }

  /** Resolves when everybody has greeted the newcomer. */
  async created({ id, username }: Person): Promise<void> {
    for (const greet of this.greetings) {
      try {
        await greet({ id, username });
      } catch (error) {
        this.logger.warn({ event: 'newcomer-not-greeted', error });
      }
    }
  }

  gone(): void {
    this.departures.tell();
  }
}
