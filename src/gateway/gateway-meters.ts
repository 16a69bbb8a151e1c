import { Injectable } from '@nestjs/common';
import { Meters } from '../kernel/metrics/meters.js';
import { ConnectionRegistry } from './connections/connection-registry.js';
import { GatewayAdapter } from './commands/gateway.adapter.js';
import { Hub } from './delivery/hub.js';
import { LiveFeed } from '../chat/feed/live-feed.js';
import { Backpressure } from './delivery/backpressure.js';
import { PresenceAnnouncer } from './presence/presence-announcer.js';
import { TypingAnnouncer } from './presence/typing-announcer.js';
import { RejectFilter } from './commands/reject.filter.js';
import { CatchUp } from './catch-up/catch-up.js';
import { CatchUpGate } from './catch-up/catch-up-gate.js';
import { SendMemory } from './delivery/send-memory.js';
import { RefusalTally } from './admission/refusal-tally.js';

/** What can be measured of the sockets. */
@Injectable()
export class GatewayMeters {
  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly backpressure: Backpressure,
    private readonly sendMemory: SendMemory,
    private readonly hub: Hub,
    private readonly feed: LiveFeed,
    private readonly catchUp: CatchUp,
    private readonly gate: CatchUpGate,
    private readonly announcer: PresenceAnnouncer,
    private readonly typing: TypingAnnouncer,
    private readonly adapter: GatewayAdapter,
    private readonly filter: RejectFilter,
    private readonly refused: RefusalTally,
    meters: Meters,
  ) {
    this.nameConnections(meters);
    this.nameFrames(meters);
    this.nameQueues(meters);
    this.nameTyping(meters);
  }

  private nameConnections(meters: Meters): void {
    const { registry, refused } = this;
    meters.gauge('parley_connections', 'Open connections, by transport', registry.open);
    meters.gauge('parley_people', 'People with an open connection here', () => registry.people);
    meters.counter('parley_connections_opened_total', 'Connections opened', registry.opened);
    meters.counter('parley_connections_closed_total', 'Ended, by close code', registry.closed);
    meters.counter('parley_upgrades_refused_total', 'Sockets refused, by code', refused.byCode);
  }

  private nameFrames(meters: Meters): void {
    const { adapter, filter, backpressure, hub, feed, catchUp } = this;
    meters.counter('parley_frames_received_total', 'Frames of clients, by type', adapter.received);
    meters.counter('parley_frames_rejected_total', 'Frames refused, by code', filter.rejected);
    meters.counter(
      'parley_deliveries_total',
      'Messages handed to a connection',
      () => backpressure.delivered,
    );
    meters.counter('parley_socket_writes_total', 'Writes to sockets', () => backpressure.writes);
    meters.counter(
      'parley_caught_up_total',
      'Messages brought to those who came back',
      () => catchUp.caughtUp,
    );
    meters.counter(
      'parley_gaps_refilled_total',
      'Messages that the bus did not bring, and the store did',
      () => feed.refilled,
    );
    meters.gauge(
      'parley_gaps_open',
      'Conversations of which a message is missing',
      () => feed.gaps,
    );
    meters.histogram(
      'parley_delivery_age_seconds',
      'From receiving a message to handing it to the connections of this node',
      hub.ages,
    );
  }

  private nameQueues(meters: Meters): void {
    const { backpressure, announcer, gate, sendMemory } = this;
    meters.gauge(
      'parley_send_queue_bytes',
      'Bytes written that the kernel has not taken',
      () => this.backlog().bytes,
    );
    meters.gauge(
      'parley_send_queue_connections',
      'Connections for which such bytes wait',
      () => this.backlog().connections,
    );
    meters.gauge(
      'parley_send_memory_bytes',
      'Bytes that wait for all readers, those that they share counted once',
      () => sendMemory.bytes,
    );
    meters.counter(
      'parley_send_memory_closed_total',
      'Connections closed because too much waited for all together',
      () => sendMemory.closed,
    );
    meters.gauge('parley_resumes_waiting', 'Syncs that wait for their turn', () => gate.length);
    meters.counter(
      'parley_presence_withheld_total',
      'Writes that presence was left out of for a slow reader',
      () => backpressure.withheld,
    );
    meters.counter(
      'parley_presence_untold_total',
      'Comings and goings that a large room was not told of',
      () => announcer.untold,
    );
  }

  private nameTyping(meters: Meters): void {
    const { typing } = this;
    meters.gauge(
      'parley_typing_conversations',
      'Conversations in which somebody is typing, as far as people here are told of it',
      () => typing.conversations,
    );
    meters.counter(
      'parley_typing_untold_total',
      'Typing that nobody was told of: in a crowd, or too much at once',
      () => typing.untold,
    );
  }

  /** Looked up when asked for: to keep count of it would cost each write more than this does. */
  private backlog(): { readonly bytes: number; readonly connections: number } {
    let bytes = 0;
    let connections = 0;
    for (const { channel } of this.registry.all()) {
      const queued = channel.queuedBytes;
      bytes += queued;
      if (queued > 0) connections++;
    }
    return { bytes, connections };
  }
}
