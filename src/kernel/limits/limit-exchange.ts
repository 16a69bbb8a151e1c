/** Something that is counted for a limit: a name that is the same on every node. */
export type LimitScope = string;

/**
 * What nodes tell each other so that a limit holds over all of them together.
 *
 * It promises little, so that a limit never waits for another node: what is told arrives within a
 * second or so, or never. While nodes cannot reach each other each keeps the limits for itself.
 */
export abstract class LimitExchange {
  /** Tells the others that so much was spent, or happened, under that key. Costs next to nothing. */
  abstract tell(scope: LimitScope, key: string, amount: number): void;

  /** There is one listener of a scope: what others told. */
  abstract hear(scope: LimitScope, listener: (key: string, amount: number) => void): void;

  /**
   * Has the others told, about once a second, how high something stands here.
   * @param levels keys that are worth telling
   */
  abstract offer(
    scope: LimitScope,
    levels: () => Iterable<readonly [key: string, level: number]>,
  ): void;

  /** How high the others said it stands with them together. What is not said again is forgotten. */
  abstract elsewhere(scope: LimitScope, key: string): number;
}
