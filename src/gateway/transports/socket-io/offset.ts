/** Private conversations whose position is told; of more, those that moved longest ago are left out. */
const MOST_DIRECTS = 100;
const LONGEST = 16_384;
const LOBBY_FIELD = /^\d{1,15}$/;
const DIRECT_FIELD = /^(\d{1,15})@(.{1,400})$/;
const ANSWERED_FIELD = /^(\d{1,15})#(\??)$/;

/**
 * Where a client stands, as text that it brings back when it reconnects, to any node and after any
 * time: `151;7@bob;3#` has the lobby up to 151, the conversation with bob up to 7, and the answers
 * to its first three callbacks. `3#?`: it is not known yet whether the client takes an answer for one.
 */
export class Offset {
  /** What comes behind the lobby's number; empty where there is nothing. */
  suffix = '';

  constructor(
    public lobby = 0,
    private readonly directs = new Map<string, number>(),
    private count = 0,
    private doubted = true,
  ) {
    this.refresh();
  }

  /** @returns null where it is none of ours */
  static parse(text: unknown): Offset | null {
    if (typeof text !== 'string' || text.length > LONGEST) return null;
    const [lobby = '', ...fields] = text.split(';');
    if (!LOBBY_FIELD.test(lobby)) return null;
    const directs = parseDirects(fields);
    const [, answered = '0', doubt = '?'] =
      fields.map((one) => ANSWERED_FIELD.exec(one)).find(Boolean) ?? [];
    if (directs === null) return null;
    const latest = new Map([...directs].slice(-MOST_DIRECTS));
    return new Offset(Number(lobby), latest, Number(answered), doubt === '?');
  }

  /** Callbacks that have their answer. */
  get answered(): number {
    return this.count;
  }

  /** Whether the client may be one that sends again what was answered. */
  get isDoubted(): boolean {
    return this.doubted;
  }

  /** It is none. */
  trust(): void {
    this.doubted = false;
    this.refresh();
  }

  direct(name: string): number | undefined {
    return this.directs.get(name);
  }

  /** The conversation with that person was told up to there. */
  pass(name: string, seq: number): void {
    this.directs.delete(name);
    this.directs.set(name, seq);
    const [oldest] = this.directs.keys();
    if (this.directs.size > MOST_DIRECTS && oldest !== undefined) this.directs.delete(oldest);
    this.refresh();
  }

  /** One more callback has its answer. */
  answer(): void {
    this.count++;
    this.refresh();
  }

  toString(): string {
    return `${this.lobby}${this.suffix}`;
  }

  private refresh(): void {
    const answered = this.count > 0 ? `;${this.count}#${this.doubted ? '?' : ''}` : '';
    this.suffix = formatDirects(this.directs) + answered;
  }
}

/** `;7@bob;2@ann`. Names are percent-encoded, so that none of them can look like something else. */
export function formatDirects(directs: Iterable<readonly [string, number]>): string {
  let text = '';
  for (const [name, seq] of directs) text += `;${seq}@${encodeURIComponent(name)}`;
  return text;
}

/** @returns null where a name is not one; fields of other kinds are passed over */
export function parseDirects(fields: readonly string[]): Map<string, number> | null {
  const directs = new Map<string, number>();
  for (const field of fields) {
    const [, seq, name] = DIRECT_FIELD.exec(field) ?? [];
    if (seq === undefined || name === undefined) continue;
    try {
      directs.set(decodeURIComponent(name), Number(seq));
    } catch {
      return null;
    }
  }
  return directs;
}
