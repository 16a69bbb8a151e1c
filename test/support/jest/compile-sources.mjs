import { compileWhereStale } from '../typescript/compiled.mjs';

/** Before the specs of a run, which load what is compiled (native-sources.mjs). */
export default async function compileSources() {
  await compileWhereStale();
}
