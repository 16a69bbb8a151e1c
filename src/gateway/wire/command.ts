/** A frame of a client, decoded: which handler it is for, and what that handler is given. */
export interface Command {
  readonly type: number;
  /** The fields without `type`; those that were null are absent. */
  readonly body: Record<string, unknown>;
}
