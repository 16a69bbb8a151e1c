import type { Attachment } from '@parley/protocol';
import type { Person } from '../../../kernel/person.js';

/** Files that one message may have. */
export const MOST_ATTACHED = 10;

/** A file that has arrived in full. */
export interface Attachable {
  readonly attachment: Attachment;
  /** A message has it. */
  readonly isUsed: boolean;
}

/** Files that people have sent, for messages to take. */
export abstract class Attachables {
  /**
   * A person's own files, in the order of the ids.
   * @throws Refusal `attachment-unknown` where one is not there, or is somebody else's;
   *   `attachment-not-ready`; by rejection
   */
  abstract find(owner: Person, ids: readonly string[]): Promise<readonly Attachable[]>;
}
