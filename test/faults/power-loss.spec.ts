import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { startService, temporaryFolder } from '../support/service.js';

const SYNC = /\bf(?:data)?sync\(\d+\)\s*= 0|<\.\.\. f(?:data)?sync resumed>\)\s*= 0/;

describeWith(['linux', 'strace'], 'what is acknowledged', () => {
  it('was synced to the disk before the acknowledgement is written to the socket [F2]', async () => {
    const trace = join(temporaryFolder('trace'), 'calls');
    const calls = 'trace=fsync,fdatasync,write,writev,sendto,sendmsg';
    const service = await startService({
      under: ['strace', '-f', '-s', '4096', '-e', calls, '-o', trace],
    });
    const { socket } = await enter(service, 'ann');
    for (const ref of ['first', 'second', 'third']) {
      socket.send({ type: 2, data: `the ${ref} message`, ref });
      await socket.next({ type: 6, ref });
    }
    await service.stop();

    const lines = readFileSync(trace, 'utf8').split('\n');
    let from = 0;
    for (const ref of ['first', 'second', 'third']) {
      const at = lines.findIndex((line) => line.includes(String.raw`\"ref\":\"${ref}\"`));
      expect(at).toBeGreaterThan(from);
      // Nothing else was said meanwhile: a sync since the last acknowledgement is this one's.
      expect(lines.slice(from, at).filter((line) => SYNC.test(line))).not.toEqual([]);
      from = at;
    }
  });
});
