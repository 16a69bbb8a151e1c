import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** @returns the names under which a program and its own files import what is not theirs */
async function importsOf(program: string): Promise<readonly string[]> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(program, import.meta.url)),
    platform: 'node',
    external: /^[^./]/,
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : []));
}

// A package such as kysely is hundreds of files: a thread that imported it took four times as long
// to start, at each start of the service and at each restart of the thread.
describe.each(['writer', 'reader', 'indexer'])("The database's %s thread", (role) => {
  it('imports no package, only what Node brings', async () => {
    const imports = await importsOf(`./${role}-thread.ts`);
    expect(imports).toContain('node:worker_threads');
    expect(imports.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });
});
