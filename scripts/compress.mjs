import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ROOT } from './run.mjs';

const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.svg']);
/** Of Brotli's 11: the last two levels take ten times as long to save about two per cent. */
const QUALITY = 9;

const require = createRequire(import.meta.url);

/**
 * The folders that the service serves, by their names in src/site/send-file.ts. Of packages only
 * the files that are served.
 * @type {Record<string, { folder: string, files?: readonly string[] }>}
 */
const FOLDERS = {
  web: { folder: join(ROOT, 'dist/web') },
  'web/assets': { folder: join(ROOT, 'dist/web/assets') },
  docs: { folder: join(ROOT, 'docs'), files: ['openapi.json', 'asyncapi.json'] },
  'swagger-ui': {
    folder: dirname(require.resolve('swagger-ui-dist/package.json')),
    files: ['swagger-ui.css', 'swagger-ui-bundle.js'],
  },
  'socket.io': {
    folder: join(dirname(require.resolve('socket.io/package.json')), 'client-dist'),
    files: ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js'],
  },
};

/**
 * Writes each file that is served compressed, with Brotli and with gzip, below a folder.
 * @param {string} output
 */
export function compressAll(output) {
  for (const [name, { folder, files }] of Object.entries(FOLDERS)) {
    const target = join(output, name);
    mkdirSync(target, { recursive: true });
    for (const file of files ?? readdirSync(folder)) {
      if (COMPRESSIBLE.has(extname(file))) compress(join(folder, file), join(target, file));
    }
  }
}

/**
 * @param {string} source
 * @param {string} target without the ending that tells how it is compressed
 */
function compress(source, target) {
  const content = readFileSync(source);
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY };
  writeFileSync(`${target}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${target}.gz`, gzipSync(content, { level: 9 }));
}
