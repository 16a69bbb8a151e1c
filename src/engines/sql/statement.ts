import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { BoundStatement, EventNumber, Parameter } from './bound-statement.js';
import type { Schema } from './schema.js';

/** A statement before it is compiled. */
export interface Statement {
  readonly query: RawBuilder<unknown>;
  readonly must: boolean;
}

const EVENT_NUMBER: EventNumber = { place: 'seq' };

/** The number of the event, as an expression. */
export const NUMBER_OF_EVENT = sql<number>`cast(${EVENT_NUMBER} as bigint)`;

export function bind({ query, must }: Statement, database: Kysely<Schema>): BoundStatement {
  const { sql: text, parameters } = query.compile(database);
  return { sql: text, parameters: parameters as readonly Parameter[], must };
}
