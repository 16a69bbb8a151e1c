import type { ChatClient, Conversation, Unread } from '@parley/client';
import { FrameType } from '@parley/protocol';
import type { Logs } from './logs.js';
import type { ReadMarks } from './read-marks.js';
import { isRoom, type Rooms } from './rooms.js';

/** What is known of rooms here. */
interface Known {
  readonly self: { readonly id: string };
  readonly active: { readonly value: Conversation };
  readonly rooms: Rooms;
  readonly marks: ReadMarks;
  readonly logs: Logs;
  readonly listRooms: () => Promise<void>;
  readonly show: (conversation: Conversation) => void;
}

/** Keeps what is known of rooms in step with what the client hears of them. */
export class RoomWatch {
  constructor(
    private readonly client: ChatClient,
    private readonly unread: Unread,
    private readonly known: Known,
  ) {
    this.follow();
  }

  /** Asks for the rooms that the person is in. */
  async list(): Promise<void> {
    for (const summary of await this.known.rooms.load()) {
      this.client.learn(summary.room ?? '', summary.seq);
      this.unread.learn(summary);
    }
  }

  private follow(): void {
    const { events } = this.client;
    const { known } = this;
    const list = (): void => void known.listRooms();
    this.unread.events.on('changed', ({ conversation, seq, unread }) => {
      if (isRoom(conversation)) known.marks.room(conversation, { seq, unread });
    });
    events.on('entry', ({ frame }) => {
      const isOwnJoin = frame.type === FrameType.Join && frame.user.id === known.self.id;
      if (isOwnJoin || frame.type === FrameType.Room) list();
    });
    events.on('notice', list);
    events.on('left', ({ conversation }) => {
      known.marks.room(conversation, null);
      known.rooms.lose(conversation);
    });
    events.on('renamed', ({ conversation, was }) => {
      known.marks.room(was, null);
      known.rooms.rename(was, conversation);
      known.logs.forget(was);
      if (known.active.value === was) known.show(conversation);
    });
  }
}
