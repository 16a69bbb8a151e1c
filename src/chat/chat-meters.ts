import { Injectable } from '@nestjs/common';
import { HealthIndicators } from '../kernel/health-indicators.js';
import { Meters } from '../kernel/metrics/meters.js';
import { FirstContacts } from './messages/first-contacts.js';
import { Journal } from './log/journal.js';
import { MessageBus } from './log/message-bus.js';

/** What can be measured of the way to the store. */
@Injectable()
export class ChatMeters {
  constructor(
    meters: Meters,
    indicators: HealthIndicators,
    journal: Journal,
    bus: MessageBus,
    contacts: FirstContacts,
  ) {
    meters.counter(
      'parley_first_contacts_refused_total',
      'First messages of guests to somebody to whom too many had written',
      () => contacts.refused,
    );
    meters.gauge('parley_journal_length', 'Messages that wait for the store', () => journal.length);
    meters.counter('parley_messages_total', 'Messages, by what became of them', journal.outcomes);
    meters.histogram('parley_batch_messages', 'Messages in one commit', journal.batches);
    meters.histogram('parley_commit_seconds', 'From a batch to its commit', journal.commits);
    meters.counter(
      'parley_bus_failures_total',
      'Batches that the bus did not take',
      () => journal.unpublished,
    );
    meters.counter(
      'parley_redis_refused_total',
      'Publications on Redis that were not believed or could not be read',
      bus.refused,
    );
    meters.histogram('parley_bus_lag_seconds', 'From this node over the bus and back', bus.lags);
    indicators.add({
      name: 'journal',
      needed: false,
      check: () => ({
        ok: journal.length < journal.limit,
        detail: { waiting: journal.length, limit: journal.limit },
      }),
    });
  }
}
