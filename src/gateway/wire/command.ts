/** A client's frame, decoded: its handler, and the handler's argument. */
export interface Command {
  readonly type: number;
  /** The fields without `type`; those that were null are absent. */
  readonly body: Record<string, unknown>;
}
