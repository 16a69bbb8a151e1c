import type { ConversationKey } from '../chat/conversations/key.js';

/** Of its upload: expected or under way; arrived and looked at; to be removed. */
export type AttachmentState = 'waiting' | 'ready' | 'gone';

/** A file that somebody wants to send. */
export interface NewAttachment {
  /** 128 random bits, base64url. */
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  /** Bytes, as declared: what the quota counts. */
  readonly size: number;
  /** As declared. */
  readonly type: string;
  /** Hex; null: not given. */
  readonly sha256: string | null;
  /** Digest of the secret with which its bytes may be sent. */
  readonly uploadHash: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What a file has turned out to be. */
export interface Content {
  /** Bytes, as they lie in the store. */
  readonly size: number;
  /** By its content. */
  readonly type: string;
  /** Pixels, of a picture that can be shown. */
  readonly picture: { readonly width: number; readonly height: number } | null;
}

export interface StoredAttachment extends NewAttachment {
  readonly state: AttachmentState;
  /** Null until it is ready. */
  readonly content: Content | null;
  /** The message that has it; null: none. */
  readonly message: { readonly conversation: ConversationKey; readonly seq: number } | null;
}

/** Bytes; 0: any number. */
export interface Quota {
  /** That a person may keep. */
  readonly person: number;
  /** That all people together may keep. */
  readonly all: number;
}

/**
 * What is known of attachments beside their bytes. Messages take them, and let them go, by changes that are
 * committed with an event (MessageChange).
 *
 * What resolves is on disk. Each call is atomic, whichever nodes make how many at the same time.
 */
export abstract class AttachmentStore {
  /**
   * Takes room for a file and notes that it is expected.
   * @returns which quota it would exceed, and nothing is noted then
   */
  abstract create(attachment: NewAttachment, quota: Quota): Promise<'created' | keyof Quota>;

  /** By their ids, in no order; those that are not there are left out. @param ids at most 100 */
  abstract find(ids: readonly string[]): Promise<readonly StoredAttachment[]>;

  /** All of it has arrived. @returns false where it was not waited for any more */
  abstract finish(id: string, content: Content): Promise<boolean>;

  /** Gives up a file that no message has. @returns false where there is no such one of that owner's */
  abstract discard(id: string, ownerId: string): Promise<boolean>;

  /**
   * Gives up files that no message has, and which are older than that time or whose owner's account has
   * gone.
   * @returns how many, at most `limit`
   */
  abstract expire(before: number, limit: number): Promise<number>;

  /** Ids of files that were given up, or whose message was deleted, at most `limit`. */
  abstract gone(limit: number): Promise<readonly string[]>;

  /** Nothing is left of these: their rows go, and their room is free. Others than the gone ones stay. */
  abstract forget(ids: readonly string[]): Promise<void>;

  /** Bytes that are kept, as the quota counts them. @param ownerId null: of all */
  abstract held(ownerId: string | null): Promise<number>;
}
