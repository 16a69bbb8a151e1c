import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';

/**
 * Has the documents of the contract judged by programs that others wrote. What they only warn of
 * counts as well; what does not is switched off beside them, with its reason.
 */
const OPENAPI = '../../docs/openapi.json';
const ASYNCAPI = '../../docs/asyncapi.json';
const HERE = fileURLToPath(new URL('.', import.meta.url));
/** What the parser only says, as it does of versions. */
const INFORMATION = 2;

/**
 * @param {string} script a program below node_modules
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`node_modules/${script}`, ...args], {
      cwd: HERE,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

/** @type {Readonly<Record<string, () => Promise<string | null>>>} each answers what is wrong */
const JUDGES = {
  redocly: async () => {
    const { code, output } = await run('@redocly/cli/bin/cli.js', [
      ...['lint', OPENAPI, '--config', 'redocly.yaml'],
    ]);
    return code === 0 && !/You have \d+ (?:warning|error)/.test(output) ? null : output;
  },
  spectral: async () => {
    const { code, output } = await run('@stoplight/spectral-cli/dist/index.js', [
      ...['lint', OPENAPI, ASYNCAPI, '-r', 'spectral.yaml', '--fail-severity', 'warn'],
    ]);
    return code === 0 ? null : output;
  },
  '@asyncapi/parser': async () => {
    const text = readFileSync(new URL(ASYNCAPI, import.meta.url), 'utf8');
    const { diagnostics } = await new Parser().parse(text);
    const faults = diagnostics.filter(({ severity }) => severity < INFORMATION);
    const lines = faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return lines.length === 0 ? null : lines.join('\n');
  },
};

for (const [name, judge] of Object.entries(JUDGES)) {
  const fault = await judge();
  console.log(`${name}: ${fault === null ? 'nothing to object' : `\n${fault}`}`);
  if (fault !== null) process.exitCode = 1;
}
