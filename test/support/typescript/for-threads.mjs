/**
 * Set up in every spec: lets the threads and processes that a spec starts run TypeScript sources.
 *
 * Jest compiles what a spec imports, but a worker thread is outside of its reach. NODE_OPTIONS
 * reaches both threads and child processes, so the code under test needs to know nothing of this.
 */
import process from 'node:process';
import { URL } from 'node:url';

const loader = new URL('loader.mjs', import.meta.url).href;
process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import ${loader}`.trim();
