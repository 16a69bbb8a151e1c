import { Injectable, Logger } from '@nestjs/common';
import { Refusal } from '../kernel/refusal.js';
import { type Content, AttachmentStore, type StoredAttachment } from './attachment-store.js';
import { BlobStore } from './blob-store.js';
import { foundType, SAMPLE_BYTES } from './found-type.js';
import { PictureReader, type ReadPicture } from './picture-reader.js';
import { isPicture } from './shown-type.js';
import { Turnstile } from './turnstile.js';

/** The name of what lies beside a picture. */
export const THUMBNAIL = 'thumbnail';
export const THUMBNAIL_TYPE = 'image/webp';
/** Pictures in memory at a time, and uploads that may wait for that. */
const PICTURES_AT_ONCE = 2;
const MOST_WAITING = 256;

/**
 * Looks at what has arrived: whether it is all of it, what it is by its content, and a picture without its
 * metadata. Until then nobody can have it. Each upload is settled once at a time on a node; where a node
 * dies meanwhile, it is settled again.
 */
@Injectable()
export class Settlement {
  /** Files that have become ready. */
  settled = 0;
  private readonly running = new Map<string, Promise<StoredAttachment>>();
  private readonly pictureTurns = new Turnstile(PICTURES_AT_ONCE, MOST_WAITING);
  private readonly logger = new Logger('Attachments');

  constructor(
    private readonly store: AttachmentStore,
    private readonly blobs: BlobStore,
    private readonly pictures: PictureReader,
  ) {}

  /**
   * @returns the file as it is now: ready
   * @throws Refusal `attachment-not-ready`, `attachment-unknown`, `busy` or `store-unavailable`; by rejection
   */
  settle(waiting: StoredAttachment): Promise<StoredAttachment> {
    if (waiting.state === 'ready') return Promise.resolve(waiting);
    const running = this.running.get(waiting.id);
    if (running !== undefined) return running;
    const settling = this.look(waiting).finally(() => this.running.delete(waiting.id));
    this.running.set(waiting.id, settling);
    return settling;
  }

  private async look(waiting: StoredAttachment): Promise<StoredAttachment> {
    const { id, size, sha256 } = waiting;
    const arrived = await this.blobs.arrived(waiting);
    if (arrived === null) throw new Refusal('attachment-not-ready');
    if (arrived.size !== size || (sha256 !== null && arrived.sha256 !== sha256)) {
      await this.blobs.remove([id]);
      throw new Refusal('attachment-not-ready', {
        field: arrived.size === size ? 'sha256' : 'size',
      });
    }
    const type = await foundType(await this.blobs.peek(id, SAMPLE_BYTES));
    const content = isPicture(type)
      ? await this.sealPicture(waiting, type)
      : await this.seal(waiting, type);
    return this.finish(id, content);
  }

  private async seal({ id, size }: StoredAttachment, type: string): Promise<Content> {
    await this.blobs.seal(id);
    return { size, type, picture: null };
  }

  private sealPicture(waiting: StoredAttachment, type: string): Promise<Content> {
    const { id, size } = waiting;
    return this.pictureTurns.run(async () => {
      const read = await this.read(await this.blobs.peek(id, size), type);
      if (read === null) return this.seal(waiting, type);
      const { bytes, thumbnail, width, height } = read;
      await this.blobs.putBeside(id, THUMBNAIL, thumbnail, THUMBNAIL_TYPE);
      await this.blobs.seal(id, bytes);
      return { size: bytes.length, type, picture: { width, height } };
    });
  }

  /** Where pictures cannot be read at all none is taken: it would keep what tells where it was made. */
  private async read(bytes: Buffer, type: string): Promise<ReadPicture | null> {
    try {
      return await this.pictures.read(bytes, type);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      this.logger.error({ event: 'picture-not-read', error });
      throw new Refusal('busy');
    }
  }

  private async finish(id: string, content: Content): Promise<StoredAttachment> {
    const isOurs = await this.store.finish(id, content);
    if (isOurs) this.settled += 1;
    const [now] = await this.store.find([id]);
    if (now?.state === 'ready') return now;
    // It was given up meanwhile: the sweep looked for its bytes before they lay where they are now.
    await this.blobs.remove([id]);
    throw new Refusal('attachment-unknown');
  }
}
