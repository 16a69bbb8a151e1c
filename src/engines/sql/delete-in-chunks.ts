import type { DeleteResult } from 'kysely';

/** Rows that one statement deletes. */
const CHUNK = 1_000;

/** Deletes piece by piece: others are served between two pieces. */
export async function deleteInChunks(
  deletion: (limit: number) => { executeTakeFirst(): Promise<DeleteResult> },
): Promise<void> {
  let deleted: bigint;
  do {
    ({ numDeletedRows: deleted } = await deletion(CHUNK).executeTakeFirst());
  } while (deleted === BigInt(CHUNK));
}
