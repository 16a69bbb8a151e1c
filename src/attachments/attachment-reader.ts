import { Inject, Injectable } from '@nestjs/common';
import { Access } from '../chat/conversations/access.js';
import { parseKey } from '../chat/conversations/key.js';
import { LOBBY } from '../chat/conversations/lobby.js';
import { principalOf } from '../chat/conversations/principal.js';
import { firstVisible } from '../chat/conversations/room.js';
import { RoomStore } from '../chat/conversations/room-store.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import { isAttachmentId } from './attachment-id.js';
import { AttachmentStore, type StoredAttachment } from './attachment-store.js';
import { Settlement } from './settlement.js';

type Message = NonNullable<StoredAttachment['message']>;

/**
 * Finds files for those who may see them at this moment: whoever may see the message that has it, and until
 * a message has it, who has sent it. The store is asked each time, whatever this node knows.
 */
@Injectable()
export class AttachmentReader {
  constructor(
    private readonly store: AttachmentStore,
    private readonly settlement: Settlement,
    private readonly access: Access,
    private readonly rooms: RoomStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * @returns a file that is ready
   * @throws Refusal `attachment-unknown`, whether there is none, or it is not the person's to see;
   *   `attachment-not-ready` for one's own; by rejection
   */
  async find(reader: Person, id: string): Promise<StoredAttachment> {
    const [found] = await this.store.find([id].filter(isAttachmentId));
    if (found === undefined || !(await this.maySee(reader, found))) {
      throw new Refusal('attachment-unknown');
    }
    return this.settlement.settle(found);
  }

  private async maySee(reader: Person, { state, ownerId, message }: StoredAttachment) {
    if (state === 'gone') return false;
    return message === null ? ownerId === reader.id : this.maySeeMessage(reader, message);
  }

  private async maySeeMessage(reader: Person, { conversation, seq }: Message): Promise<boolean> {
    const parsed = parseKey(conversation);
    if (parsed.kind === 'direct') return parsed.members.includes(reader.id);
    if (parsed.roomId === LOBBY) return this.settings.lobby;
    const [rooms, membership] = await Promise.all([
      this.rooms.byIds([parsed.roomId]),
      this.rooms.membership(parsed.roomId, reader.id),
    ]);
    const room = rooms.get(parsed.roomId) ?? null;
    const decision = this.access.decideAs(principalOf(reader), room, membership, 'read');
    if (!decision.allowed || room === null || membership === null) return false;
    return seq >= firstVisible(room, membership);
  }
}
