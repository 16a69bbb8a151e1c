/** Who wants a password hashed. */
export interface Asker {
  /** Where the request comes from, as limits count it. */
  readonly address: string;
  /** Whether the account that it is about has come in from there before. */
  readonly isFamiliar: boolean;
}

/** Jobs by the address that they come from; addresses in the order of their turns. */
type Lanes<Job> = Map<string, Job[]>;

/**
 * A bounded queue in which nobody stands in the way of others. Addresses take turns, however much
 * each of them has waiting; familiar and strange ones take turns, too. Where it is full, whoever
 * comes takes the place of an address that has more waiting than it, and a familiar one that of a
 * strange one; never the other way round.
 */
export class HashQueue<Job> {
  private readonly familiar: Lanes<Job> = new Map();
  private readonly strange: Lanes<Job> = new Map();
  private count = 0;
  private isFamiliarsTurn = true;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.count;
  }

  /** @returns the job that finds no place: this one, or the one that gave its own away; else null */
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

  /** Takes out what is to be done next. */
  shift(): Job | undefined {
    const first = this.isFamiliarsTurn ? this.familiar : this.strange;
    const second = this.isFamiliarsTurn ? this.strange : this.familiar;
    this.isFamiliarsTurn = !this.isFamiliarsTurn;
    const job = takeTurn(first) ?? takeTurn(second);
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
    // The one that came last has waited least.
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

/** The next job of the address whose turn it is, which goes to the end of the row then. */
function takeTurn<Job>(lanes: Lanes<Job>): Job | undefined {
  for (const [address, lane] of lanes) {
    const job = lane.shift();
    lanes.delete(address);
    if (lane.length > 0) lanes.set(address, lane);
    return job;
  }
  return undefined;
}
