import { setPriority } from 'node:os';
import { setUpLibvips } from './libvips.js';
import type { PictureJob, PictureReport } from './picture-protocol.js';
import { readPicture } from './read-picture.js';

/** Of 19: whoever talks comes first. */
const NICENESS = 10;

/**
 * A program of its own: decoders read strangers' bytes, so they get a process that holds no secret,
 * and whose crash is nobody else's.
 */
function main(): void {
  process.once('disconnect', () => process.exit());
  setPriority(NICENESS);
  setUpLibvips();
  process.on('message', (job: PictureJob) => {
    void readPicture(job).then((picture) => report({ state: 'done', picture }));
  });
  report({ state: 'ready' });
}

function report(what: PictureReport): void {
  process.send?.(what);
}

main();
