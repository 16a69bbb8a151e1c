import { readOptions } from './options.js';

/**
 * The load client: runs one workload against one server in a process of its own, so that nothing of
 * one attempt (compiled code, garbage, open ports) affects the next, and reports to its parent.
 */
const FULL = { warmUpMs: 2_000, windowMs: 6_000 };
const QUICK = { warmUpMs: 750, windowMs: 2_000 };

const options = readOptions(process.argv.slice(2));
const [workload] = options?.workloads ?? [];
const [peer] = options?.peers ?? [];
if (!options || !workload || !peer) throw new Error('an attempt is one workload and one server');

const { isQuick } = options;
const results = await workload.run(peer, { isQuick, timing: isQuick ? QUICK : FULL });
process.send?.(results, () => process.exit(0));
