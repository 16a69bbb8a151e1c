import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bounded } from '../support/bounded.js';
import { atEnd } from '../support/leftovers.js';
import { describeWith } from '../support/requirements.js';
import { injectFault } from '../support/strace.js';

const PROGRAM = fileURLToPath(new URL('second-attempt.ts', import.meta.url));
/** Every other write finds the buffer full, and the next one does not. */
const FAULT = 'error=EAGAIN:when=1+2';

describeWith(
  ['linux', 'root', 'strace'],
  'A buffer that empties between two attempts [S54]',
  () => {
    it('neither ends the process nor loses what is written', async () => {
      const child = spawn(process.execPath, [PROGRAM], { stdio: 'pipe' });
      atEnd(() => child.kill('SIGKILL'));
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const answers = createInterface({ input: child.stdout });
      const answer = async (): Promise<unknown> => {
        const outcome = Promise.race([once(answers, 'line'), once(child, 'exit')]);
        const [line] = (await bounded(outcome, 'the program to answer', () => said)) as unknown[];
        return line;
      };
      expect(await answer()).toBe('ready');
      await injectFault(child.pid ?? 0, 'write', FAULT, { ofAllThreads: false });
      child.stdin.write('go\n');
      expect(`${String(await answer())} ${said}`).toBe('directly 200000 ');
    });
  },
);
