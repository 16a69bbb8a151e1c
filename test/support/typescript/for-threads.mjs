/**
 * Set up in every spec: lets the threads and processes that a spec starts run TypeScript sources.
 *
 * Jest compiles what a spec imports, but a worker thread is outside of its reach. NODE_OPTIONS
 * reaches both threads and child processes, so the code under test needs to know nothing of this.
 */
import process from 'node:process';
import { URL } from 'node:url';

const loader = new URL('loader.mjs', import.meta.url).href;
const options = process.env['NODE_OPTIONS'] ?? '';
// From Node 26 on, `register` is deprecated; what follows it is not in Node 20.
process.env['NODE_OPTIONS'] = `${options} --disable-warning=DEP0205 --import ${loader}`.trim();
