import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a tool's Node script from node_modules in the project's folder.
 *
 * @param {string} script path below node_modules
 * @param {readonly string[]} args
 * @param {{ node?: string, nodeFlags?: readonly string[], env?: NodeJS.ProcessEnv, show?: boolean }} [how]
 *   node: the path of another Node than this one;
 *   show: pass the output on to stderr as it comes, rather than to collect it
 * @returns {Promise<{ code: number, output: string }>} never rejects for a failing tool
 */
export function runTool(
  script,
  args,
  { node = process.execPath, nodeFlags = [], env = process.env, show = false } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...nodeFlags, `node_modules/${script}`, ...args], {
      cwd: ROOT,
      env,
      stdio: show ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += String(chunk)));
    child.stderr?.on('data', (chunk) => (output += String(chunk)));
    const stop = () => child.kill('SIGTERM');
    process.once('SIGTERM', stop);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGTERM', stop);
      resolve({ code: code ?? 1, output });
    });
  });
}
