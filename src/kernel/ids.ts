import { randomBytes, randomFillSync } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/**
 * Makes ULIDs: 26 characters that sort by the time of creation, and within one millisecond by the
 * order of creation in this process. A clock that is set back does not disturb the order: the
 * highest time so far is kept.
 */
export class UlidFactory {
  private lastTime = -1;
  private timePart = '';
  private readonly random = new Uint8Array(RANDOM_LENGTH);

  /** @param now milliseconds since the epoch */
  next(now: number): string {
    if (now > this.lastTime) {
      this.lastTime = now;
      this.timePart = encodeTime(now);
      this.reseed();
    } else {
      this.increment();
    }
    let randomPart = '';
    for (const digit of this.random) randomPart += CROCKFORD.charAt(digit);
    return this.timePart + randomPart;
  }

  private reseed(): void {
    randomFillSync(this.random);
    for (let i = 0; i < RANDOM_LENGTH; i++) this.random[i] = (this.random[i] ?? 0) & 31;
    // Leaves room for 2^79 increments within the millisecond.
    this.random[0] = (this.random[0] ?? 0) & 15;
  }

  private increment(): void {
    for (let i = RANDOM_LENGTH - 1; i >= 0; i--) {
      const digit = this.random[i] ?? 0;
      if (digit < 31) {
        this.random[i] = digit + 1;
        return;
      }
      this.random[i] = 0;
    }
  }
}

function encodeTime(time: number): string {
  let rest = time;
  let text = '';
  for (let i = 0; i < TIME_LENGTH; i++) {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** An unguessable secret: 256 random bits, safe in URLs. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
