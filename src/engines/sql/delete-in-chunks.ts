import type { DeleteResult } from 'kysely';

/** Rows per statement. */
const CHUNK = 1_000;

/** Deletes in chunks: others are served in between. */
export async function deleteInChunks(
  deletion: (limit: number) => { executeTakeFirst(): Promise<DeleteResult> },
): Promise<void> {
  let deleted: bigint;
  do {
    ({ numDeletedRows: deleted } = await deletion(CHUNK).executeTakeFirst());
  } while (deleted === BigInt(CHUNK));
}
