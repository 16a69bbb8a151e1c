/** Fields of every frame that a client sends. */
export interface Command {
  /**
   * The client's own mark, 1 to 64 characters: whatever answers the frame carries it. On a message
   * it makes sending idempotent, since one author's `ref` stands for one message.
   */
  readonly ref?: string;
}
