import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Service, startService, temporaryFolder } from './service.js';

/** A service whose wall clock can be set; its monotonic clock goes on, as a machine's does. */
export class TurnableService {
  private readonly file = join(temporaryFolder('clock'), 'offset');

  /** @param offset from real time, at the start */
  async start(env: Readonly<Record<string, string>>, offset = '+0'): Promise<Service> {
    this.setBy(offset);
    // `faketime` knows where its library is.
    const library = execFileSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD']);
    return await startService({
      env: {
        ...env,
        LD_PRELOAD: library.toString().trim(),
        FAKETIME_TIMESTAMP_FILE: this.file,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    });
  }

  /** @param offset from real time, such as `-5h` */
  setBy(offset: string): void {
    writeFileSync(this.file, `${offset}\n`);
  }
}
