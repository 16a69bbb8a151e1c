import { Chance } from '../../chaos/chance.js';
import { Crowd } from '../../chaos/crowd.js';
import { type Fault, Faults, FAULTS } from '../../chaos/faults.js';
import { Ledger } from '../../chaos/ledger.js';
import { Moves } from '../../chaos/moves.js';
import { Verdict } from '../../chaos/verdict.js';
import type { Place } from '../../support/people.js';

const CLIENTS = 12;
/** What the last answers and catching up may take, when nothing disturbs any more. */
const SETTLE_MS = 30_000;
const MORE_MS = 20_000;

/** People who talk all the time, as fast as they are answered, and a ledger of it all. */
export class Load {
  private readonly faults = new Faults();
  private readonly ledger = new Ledger(this.faults);
  private readonly moves = new Moves(this.faults);
  private readonly crowd: Crowd;

  private constructor(place: Place) {
    const { faults, ledger, moves } = this;
    const around = { wsUrl: () => place.wsUrl, ledger, moves, faults, isCluster: true };
    this.crowd = new Crowd(place, around, new Chance(28));
  }

  static async begin(place: Place): Promise<Load> {
    const load = new Load(place);
    await load.crowd.gather(CLIENTS);
    load.crowd.talk();
    await load.more(100);
    return load;
  }

  /** Resolves when so many more messages were acknowledged. */
  async more(count: number): Promise<void> {
    const before = this.ledger.acknowledged;
    await this.ledger.more(count, MORE_MS);
    const came = this.ledger.acknowledged - before;
    if (came < count) throw new Error(`${came} messages were acknowledged, not ${count}`);
  }

  /**
   * Lets everybody fall silent and catch up, and holds all that was kept, and all that everybody
   * got, against what was promised. Then they talk on.
   *
   * @returns what was wrong
   */
  async wrongs(): Promise<readonly string[]> {
    await this.crowd.hush();
    const isQuiet = await this.crowd.quiet(SETTLE_MS);
    if (!isQuiet) this.faults.note('stuck', 'when nothing disturbed any more');
    await new Verdict(this.ledger, this.moves, this.faults).reach(this.crowd);
    this.crowd.talk();
    const kinds = Object.keys(FAULTS) as readonly Fault[];
    return kinds.flatMap((kind) => this.faults.examples(kind).map((what) => `${kind}: ${what}`));
  }

  end(): void {
    this.crowd.leave();
  }
}
