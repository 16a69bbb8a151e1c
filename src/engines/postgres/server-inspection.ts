import { type Kysely, sql } from 'kysely';
import type { Settings } from '../../config/settings.js';
import type { Schema } from '../sql/schema.js';

const LEAST_VERSION = 14;

interface Facts {
  readonly version: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly standby: boolean;
}

export interface Findings {
  /** Why the server must not be used. */
  readonly fatal: readonly string[];
  /** What an operator should know. */
  readonly doubtful: readonly string[];
}

/** The server is read-only now; it may be promoted to primary later. */
export class StandbyServer extends Error {}

/** The server must not be used as it is. */
export class UnfitServer extends Error {}

/** Checks that the server can keep the service's promises. @throws StandbyServer */
export async function inspectServer(
  queries: Kysely<Schema>,
  environment: Settings['environment'],
): Promise<Findings> {
  const { rows } = await sql<Facts>`
    select current_setting('server_version_num')::int / 10000 as version,
           current_setting('server_encoding') as encoding,
           current_setting('fsync') as fsync,
           current_setting('full_page_writes') as full_page_writes,
           current_setting('synchronous_commit') as synchronous_commit,
           pg_is_in_recovery() as standby`.execute(queries);
  const [facts] = rows;
  if (facts === undefined) throw new Error('The server said nothing of itself');
  if (facts.standby) throw new StandbyServer('It is a standby, which takes no changes');
  return judge(facts, environment);
}

function judge(facts: Facts, environment: Settings['environment']): Findings {
  const fatal: string[] = [];
  const doubtful: string[] = [];
  if (facts.version < LEAST_VERSION) {
    fatal.push(`version ${facts.version} is older than ${LEAST_VERSION}`);
  }
  if (facts.encoding !== 'UTF8') fatal.push(`the database's encoding is not UTF8`);
  if (facts.synchronous_commit !== 'on') fatal.push('synchronous_commit cannot be switched on');
  for (const name of ['fsync', 'full_page_writes'] as const) {
    if (facts[name] === 'on') continue;
    const fault = `${name} is off: messages that were acknowledged can be lost with its machine`;
    (environment === 'production' ? fatal : doubtful).push(fault);
  }
  return { fatal, doubtful };
}
