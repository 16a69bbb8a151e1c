/** What a limit counts: a name that is the same on every node. */
export type LimitScope = string;

/**
 * Exchanges counts between nodes, so that a limit holds over all of them.
 *
 * It promises little, so that a limit never waits for another node: what is told arrives within
 * about a second, or never. While nodes cannot reach each other, each keeps the limits by itself.
 */
export abstract class LimitExchange {
  /** Tells the others that this amount was spent, or happened, under that key. Nearly free. */
  abstract tell(scope: LimitScope, key: string, amount: number): void;

  /** Listens to what others tell; one listener per scope. */
  abstract hear(scope: LimitScope, listener: (key: string, amount: number) => void): void;

  /**
   * Has the levels on this node told to the others about once a second.
   * @param levels keys worth telling
   */
  abstract offer(
    scope: LimitScope,
    levels: () => Iterable<readonly [key: string, level: number]>,
  ): void;

  /** The sum of the levels that the others told. A level that is not repeated expires. */
  abstract elsewhere(scope: LimitScope, key: string): number;
}
