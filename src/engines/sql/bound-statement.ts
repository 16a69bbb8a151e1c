/** Stands in a statement's parameters for the number of the event that it comes with. */
export interface EventNumber {
  readonly place: 'seq';
}

export type Parameter = string | number | null | EventNumber;

/**
 * A compiled statement that is run with the number of an event. Threads run it, so this file loads
 * no compiler of statements: that took a thread longer than all the rest of its start.
 */
export interface BoundStatement {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /** It has to change a row; where it does not, none of its list is carried out. */
  readonly must: boolean;
}

/** @returns the parameters with the number in its places */
export function parametersAt(
  { parameters }: BoundStatement,
  seq: number,
): (string | number | null)[] {
  return parameters.map((one) => (typeof one === 'object' && one !== null ? seq : one));
}
