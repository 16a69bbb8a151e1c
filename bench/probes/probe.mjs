// The loop of all probes: repeat the same operation, first to warm up; then, once the parent has
// read its meters, for as long as the parent says. Reports the operations done and their median.
import { once } from 'node:events';

const WARM_UP_MS = 2_000;

/**
 * @param {() => Promise<number>} work returns how many operations it did
 * @param {number} lanes how many run concurrently
 */
export async function probe(work, lanes = 1) {
  await repeat(work, lanes, WARM_UP_MS);
  process.send?.('warm');
  const [windowMs] = await once(process, 'message');
  process.send?.(await repeat(work, lanes, windowMs));
  await once(process, 'disconnect');
  process.exit();
}

async function repeat(work, lanes, ms) {
  const begun = performance.now();
  const times = [];
  let done = 0;
  const lane = async () => {
    for (let now = begun; now - begun < ms;) {
      const more = await work();
      done += more;
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const took = performance.now() - begun;
  const [p50] = times.sort((a, b) => a - b).slice(times.length >> 1);
  return { done, ms: took, p50 };
}
