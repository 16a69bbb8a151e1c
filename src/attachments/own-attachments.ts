import type { Attachment } from '@parley/protocol';
import { Injectable } from '@nestjs/common';
import { type Attachable, Attachables } from '../chat/messages/changing/attachables.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import { isAttachmentId } from './attachment-id.js';
import { AttachmentStore, type StoredAttachment } from './attachment-store.js';
import { Settlement } from './settlement.js';
import { shownTypeOf } from './shown-type.js';

const FIELD = { field: 'attachments' };

/** What somebody has sent, for messages to take. */
@Injectable()
export class OwnAttachments extends Attachables {
  constructor(
    private readonly store: AttachmentStore,
    private readonly settlement: Settlement,
  ) {
    super();
  }

  override async find(owner: Person, ids: readonly string[]): Promise<readonly Attachable[]> {
    const stored = await this.store.find(ids.filter(isAttachmentId));
    const found = new Map(stored.map((one) => [one.id, one]));
    const attachables: Attachable[] = [];
    for (const id of ids) {
      const one = found.get(id);
      if (one?.ownerId !== owner.id) throw new Refusal('attachment-unknown', FIELD);
      attachables.push(attachableOf(await this.ready(one)));
    }
    return attachables;
  }

  /** What was deleted with its message is used: that message may be asked for again, under its ref. */
  private async ready(one: StoredAttachment): Promise<StoredAttachment> {
    if (one.message !== null) return one;
    if (one.state === 'gone') throw new Refusal('attachment-unknown', FIELD);
    return this.settlement.settle(one);
  }
}

/** Where there are no files, nobody has any. */
export class NoAttachables extends Attachables {
  override find(): Promise<never> {
    return Promise.reject(new Refusal('attachment-unknown', FIELD));
  }
}

function attachableOf(one: StoredAttachment): Attachable {
  return { attachment: attachmentOf(one), isUsed: one.message !== null };
}

/** A file as messages show it. */
export function attachmentOf(one: StoredAttachment): Attachment {
  const { id, name, size, content } = one;
  const shown = { id, name, size: content?.size ?? size, type: shownTypeOf(one) };
  return content?.picture ? { ...shown, ...content.picture } : shown;
}
