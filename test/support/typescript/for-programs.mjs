/**
 * Set up in every spec: lets the programs that a spec starts, and their threads, be TypeScript
 * sources. What a spec itself imports is compiled before (jest/native-sources.mjs).
 *
 * NODE_OPTIONS reaches child processes and threads alike, so the code under test needs to know
 * nothing of this.
 */
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const preload = fileURLToPath(new URL('preload.cjs', import.meta.url));
const options = process.env['NODE_OPTIONS'] ?? '';
// `register` is deprecated from Node 26 on; its successor is missing in Node 20.
process.env['NODE_OPTIONS'] =
  `${options} --disable-warning=DEP0205 --require ${JSON.stringify(preload)}`.trim();
