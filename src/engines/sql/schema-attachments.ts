import type { Generated } from 'kysely';

export interface AttachmentsTable {
  id: string;
  owner_id: string;
  name: string;
  /** Bytes: as declared, then as they lie in the store. */
  size: number;
  /** As declared. */
  type: string;
  sha256: string | null;
  upload_hash: string;
  created_at: number;
  state: Generated<'waiting' | 'ready' | 'gone'>;
  /** Bytes as declared, which the quota counts. */
  held: number;
  found_type: string | null;
  width: number | null;
  height: number | null;
  /** The message that has it; null: none. */
  conversation_id: number | null;
  seq: number | null;
}

/** Bytes that are held, by person; under the empty id those of all. */
export interface AttachmentUsageTable {
  owner_id: string;
  bytes: number;
}
