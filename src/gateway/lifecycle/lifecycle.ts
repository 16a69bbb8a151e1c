import { Inject, Injectable, Logger } from '@nestjs/common';
import { FrameType, type WelcomeFrame } from '@parley/protocol';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { firstVisible } from '../../chat/conversations/room.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { MOST_ATTACHED } from '../../chat/messages/changing/attachables.js';
import { MEMBERS_A_ROOM, ROOMS_A_PERSON } from '../../chat/rooms/bounds.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { BurstLimiter } from '../../kernel/limits/burst-limiter.js';
import { noticeText } from '../../kernel/locale/texts.js';
import { Turn } from '../../kernel/turn.js';
import { PresenceService } from '../../presence/presence.service.js';
import { Abuse } from '../connections/abuse.js';
import { RECONNECT } from '../wire/close-codes.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { Hub } from '../delivery/hub.js';
import { RoomChannels } from '../delivery/room-channels.js';
import { CatchUp } from '../catch-up/catch-up.js';

/** What happens when a connection opens, and when it ends. */
@Injectable()
export class Lifecycle {
  private readonly logger = new Logger(Lifecycle.name);
  /** A crowd leaves its rooms over many turns: those who are here need not wait for all of it. */
  private readonly leaving: BurstLimiter;

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly hub: Hub,
    private readonly channels: RoomChannels,
    private readonly book: RoomBook,
    private readonly presence: PresenceService,
    private readonly catchUp: CatchUp,
    private readonly abuse: Abuse,
    private readonly clock: Clock,
    private readonly turn: Turn,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.leaving = new BurstLimiter(turn.scheduler);
  }

  /**
   * The welcome is the first frame; the client's frames wait until all this is done. The rooms of the
   * person are known, and open: see {@link Memberships.prepare}.
   */
  begin(connection: Connection): void {
    this.turn.look();
    if (!connection.resumes) connection.cursors.beginArriving();
    this.registry.add(connection);
    const rooms = this.book.roomsOf(connection.person.id);
    connection.write(connection.format.encode(this.welcome(connection, rooms)));
    for (const key of rooms) this.hub.join(connection, key, this.firstIn(connection, key));
    this.logger.log({
      event: 'connected',
      connection: connection.id,
      user: connection.person.id,
      session: connection.identity.sessionId,
      address: connection.address,
    });
    connection.introduce(() => this.introduce(connection));
  }

  end(connection: Connection): void {
    this.turn.look();
    this.leaving.enter(() => {
      this.hub.leave(connection);
    });
    this.registry.remove(connection);
    this.abuse.forget(connection);
    this.logger.log({ event: 'disconnected', connection: connection.id });
    connection.ready
      .then(() => this.presence.depart(connection.person, connection.id))
      .catch((error: unknown) => {
        this.logger.error({ event: 'depart-failed', connection: connection.id, error });
      });
  }

  private async introduce(connection: Connection): Promise<void> {
    try {
      await this.presence.arrive(connection.person, connection.id);
    } catch (error) {
      this.logger.error({ event: 'arrival-failed', connection: connection.id, error });
    }
    if (!connection.resumes) await this.bringMissed(connection);
  }

  /** A connection that went on without what it missed would never learn of the gap. */
  private async bringMissed(connection: Connection): Promise<void> {
    try {
      await this.catchUp.deliverMissed(connection);
    } catch (error) {
      this.logger.error({ event: 'missed-not-brought', connection: connection.id, error });
      connection.close(RECONNECT.tryLater);
    }
  }

  /** The first number of a room that the person may see. */
  private firstIn({ person }: Connection, key: ConversationKey): number {
    const room = this.book.room(key);
    const membership = this.book.membership(person.id, key);
    return room === null || membership === null ? 1 : firstVisible(room, membership);
  }

  private welcome(connection: Connection, rooms: readonly ConversationKey[]): WelcomeFrame {
    const { id, username } = connection.person;
    const { sessionId, expiresAt } = connection.identity;
    const { limits, locale, heartbeatIntervalMs, typingMax, receiptsMax } = this.settings;
    const hasFiles = this.settings.attachments !== null;
    return {
      type: FrameType.GroupChat,
      user: null,
      data: noticeText(locale, 'welcome'),
      time: this.clock.now(),
      self: { id, username },
      session: { id: sessionId, expires_at: expiresAt },
      heads: this.channels.heads(rooms, (key) => this.firstIn(connection, key) - 1),
      limits: {
        text: limits.textLength,
        frame: limits.frameBytes,
        typing: typingMax,
        receipts: receiptsMax,
        rooms: ROOMS_A_PERSON,
        members: MEMBERS_A_ROOM,
        attachment: hasFiles ? limits.attachmentBytes : 0,
        attachments: hasFiles ? MOST_ATTACHED : 0,
        quota: limits.attachmentQuota,
      },
      heartbeat: heartbeatIntervalMs,
    };
  }
}
