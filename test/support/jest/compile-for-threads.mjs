import { compileWhereStale } from '../typescript/compiled.mjs';

/** Before the specs of a run: threads run what is compiled (typescript/preload.cjs). */
export default async function compileForThreads() {
  await compileWhereStale();
}
