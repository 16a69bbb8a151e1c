/** Who wants a password hashed. */
export interface Asker {
  /** Where the request comes from, as limits count it. */
  readonly address: string;
  /** Whether the account in question has come in from there before. */
  readonly isFamiliar: boolean;
}

/** Jobs by address; the addresses in round-robin order. */
type Lanes<Job> = Map<string, Job[]>;

/**
 * A bounded, fair queue: addresses are served round-robin, however many jobs each has waiting, and
 * familiar and unfamiliar ones alternate. When it is full, a newcomer displaces a job of an address
 * that has more waiting, and a familiar one that of an unfamiliar one; never the other way round.
 */
export class HashQueue<Job> {
  private readonly familiar: Lanes<Job> = new Map();
  private readonly strange: Lanes<Job> = new Map();
  private count = 0;
  private isFamiliarNext = true;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.count;
  }

  /** @returns the job that is turned away: this one, or the one it displaced; null where none is */
  push(job: Job, asker: Asker): Job | null {
    const lanes = asker.isFamiliar ? this.familiar : this.strange;
    const displaced = this.count < this.capacity ? null : this.displace(asker, lanes);
    if (displaced === null && this.count >= this.capacity) return job;
    const lane = lanes.get(asker.address);
    if (lane) lane.push(job);
    else lanes.set(asker.address, [job]);
    this.count += 1;
    return displaced;
  }

  /** Takes out the next job. */
  shift(): Job | undefined {
    const first = this.isFamiliarNext ? this.familiar : this.strange;
    const second = this.isFamiliarNext ? this.strange : this.familiar;
    this.isFamiliarNext = !this.isFamiliarNext;
    const job = takeNext(first) ?? takeNext(second);
    if (job !== undefined) this.count -= 1;
    return job;
  }

  private displace(asker: Asker, own: Lanes<Job>): Job | null {
    const mine = own.get(asker.address)?.length ?? 0;
    const victim =
      (asker.isFamiliar ? longest(this.strange, 0) : null) ?? longest(own, mine + 1) ?? null;
    if (victim === null) return null;
    const [lanes, address] = victim;
    const lane = lanes.get(address) ?? [];
    // The newest job has waited least.
    const job = lane.pop() ?? null;
    if (lane.length === 0) lanes.delete(address);
    this.count -= 1;
    return job;
  }
}

/** The address with the most jobs, where that is more than `above`. */
function longest<Job>(lanes: Lanes<Job>, above: number): readonly [Lanes<Job>, string] | null {
  let found: string | null = null;
  let most = above;
  for (const [address, lane] of lanes) {
    if (lane.length <= most) continue;
    found = address;
    most = lane.length;
  }
  return found === null ? null : [lanes, found];
}

/** The next job of the first address in line, which then goes to the back. */
function takeNext<Job>(lanes: Lanes<Job>): Job | undefined {
  for (const [address, lane] of lanes) {
    const job = lane.shift();
    lanes.delete(address);
    if (lane.length > 0) lanes.set(address, lane);
    return job;
  }
  return undefined;
}
