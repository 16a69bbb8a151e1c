import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FrameType, type NoticeFrame } from '@parley/protocol';
import { personTopic } from '../../chat/conversations/key.js';
import { RoomNews, type RoomNotice } from '../../chat/rooms/room-news.js';
import { type Signal, SignalBus } from '../../presence/signal-bus.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';

type What = NoticeFrame['data']['what'];

/** The signal's kind for each of what may have happened. */
const KINDS: ReadonlyMap<string, What> = new Map(
  (['added', 'removed', 'invited', 'uninvited'] as const).map((what) => [`room-${what}`, what]),
);

/**
 * Tells a person's devices, wherever they are, what happened to the person's rooms. What is lost on
 * the way shows in the list of conversations.
 */
@Injectable()
export class RoomNotices implements OnModuleInit, OnApplicationShutdown {
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly news: RoomNews,
    private readonly signals: SignalBus,
    private readonly registry: ConnectionRegistry,
  ) {}

  onModuleInit(): void {
    this.ends.push(
      this.news.onNotice((notice) => {
        this.publish(notice);
      }),
      this.signals.subscribe((topic, signal) => {
        const what = KINDS.get(signal.kind);
        if (what !== undefined) this.hear(topic, signal, what);
      }),
    );
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }

  private publish({ personId, what, room, by, time }: RoomNotice): void {
    const { name, title } = room;
    const details = { room: name, ...(title === null ? {} : { title }) };
    // What people do themselves is said without a name.
    const person = by ?? { id: personId, username: '-' };
    this.signals.publish(personTopic(personId), { kind: `room-${what}`, person, time, details });
  }

  private hear(topic: string, { person, time, details }: Signal, what: What): void {
    const { room, title } = details;
    const personId = topic.slice(personTopic('').length);
    if (typeof room !== 'string' || topic !== personTopic(personId)) return;
    const { id, username } = person;
    const by = id === personId ? {} : { by: { id, username } };
    const about = { what, room, title: typeof title === 'string' ? title : null };
    const frame: NoticeFrame = {
      ...{ type: FrameType.Notice, user: null },
      data: { ...about, ...by, time },
    };
    for (const connection of this.registry.ofPerson(personId)) connection.send(frame);
  }
}
