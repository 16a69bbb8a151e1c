import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PersonBudget } from '../auth/person-budget.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import { AttachmentReader } from './attachment-reader.js';
import type { StoredAttachment } from './attachment-store.js';
import { BlobStore, type ByteRange } from './blob-store.js';
import { dispositionOf } from './disposition.js';
import { redirect, sendContent } from './send-content.js';
import { THUMBNAIL, THUMBNAIL_TYPE } from './settlement.js';
import { isPicture } from './shown-type.js';
import { TransferPace } from './transfer-pace.js';

/** For how long a URL of the store gives a file to whoever has it. */
const LINK_SECONDS = 60;
/** About 1 ms of work for a MiB that is read and written. */
const UNITS_PER_MIB = 10;
const MIB = 1024 * 1024;

/** Hands files out, to whoever may see them now. */
@Injectable()
export class DownloadsService {
  /** Files and thumbnails that were handed out. */
  served = 0;

  constructor(
    private readonly reader: AttachmentReader,
    private readonly blobs: BlobStore,
    private readonly budget: PersonBudget,
    private readonly pace: TransferPace,
  ) {}

  /** @throws Refusal as {@link AttachmentReader.find}, by rejection */
  async sendFile(me: Person, id: string, request: Request, response: Response): Promise<void> {
    const { name, content } = ready(await this.reader.find(me, id));
    const isShowable = !isPicture(content.type) || content.picture !== null;
    const answer = dispositionOf(name, content.type, isShowable);
    this.served += 1;
    const url = await this.blobs.link(id, null, answer, LINK_SECONDS);
    if (url !== null) {
      redirect(response, url);
      return;
    }
    this.budget.charge(me.id, (content.size / MIB) * UNITS_PER_MIB);
    const open = async (range: ByteRange | null): Promise<Readable> => {
      const bytes = await this.blobs.open(id, null, range);
      // Also where the reader is gone before the first of them.
      return this.pace.paced(bytes).once('close', () => bytes.destroy());
    };
    await sendContent(request, response, { ...answer, etag: `"${id}"`, size: content.size, open });
  }

  /** @throws Refusal as {@link AttachmentReader.find}, and where it is no picture; by rejection */
  async sendThumbnail(me: Person, id: string, request: Request, response: Response): Promise<void> {
    const { content } = ready(await this.reader.find(me, id));
    if (content.picture === null) throw new Refusal('attachment-unknown');
    const answer = { type: THUMBNAIL_TYPE, disposition: 'inline' };
    this.served += 1;
    const url = await this.blobs.link(id, THUMBNAIL, answer, LINK_SECONDS);
    if (url !== null) {
      redirect(response, url);
      return;
    }
    // At most 320 × 320 pixels: its size is known once it is read.
    const bytes = await buffer(await this.blobs.open(id, THUMBNAIL, null));
    const open = (range: ByteRange | null) =>
      Promise.resolve(
        Readable.from([range === null ? bytes : bytes.subarray(range.start, range.end + 1)]),
      );
    const etag = `"${id}-thumbnail"`;
    await sendContent(request, response, { ...answer, etag, size: bytes.length, open });
  }
}

function ready({ name, content }: StoredAttachment) {
  if (content === null) throw new Refusal('attachment-not-ready');
  return { name, content };
}
