import { type PresencePage, RestError, SessionOver } from '@parley/client';
import { FrameType, type Person, type PresenceFrame } from '@parley/protocol';
import { computed, signal } from '@preact/signals';

/** People among whom the search of a large room looks, got in pages of this size. */
const MOST_NAMED = 5_000;
const PAGE_SIZE = 200;

/** Whether somebody is online; null where that is not known. */
export type Presence = 'online' | 'away' | null;

/** Who is online. In a large room only a part of them is known by name. */
export class People {
  private readonly byId = signal<ReadonlyMap<string, Person>>(new Map());
  private readonly unnamed = signal(0);

  /** Whether the list is that of now: not before it came, nor once the connection is gone. */
  readonly isKnown = signal(false);

  private isNaming = false;

  /** By name. */
  readonly sorted = computed<readonly Person[]>(() =>
    [...this.byId.value.values()].sort((one, other) =>
      COLLATOR.compare(one.username, other.username),
    ),
  );

  /** Names by how they are compared. */
  private readonly names = computed(
    () => new Map(this.sorted.value.map(({ username }) => [foldedName(username), username])),
  );

  constructor(
    private readonly fetchPage: (limit: number, after?: string) => Promise<PresencePage>,
  ) {}

  get count(): number {
    return this.byId.value.size + this.unnamed.value;
  }

  /** Whether each of those who are here is known by name. */
  get areAllNamed(): boolean {
    return this.isKnown.value && this.unnamed.value === 0;
  }

  presenceOf(username: string): Presence {
    if (!this.isKnown.value) return null;
    if (this.spelling(username) !== null) return 'online';
    // In a large room the list names a part of those who are here.
    return this.areAllNamed ? 'away' : null;
  }

  /** @returns the name as its owner writes it; null where nobody known has it */
  spelling(username: string): string | null {
    return this.names.value.get(foldedName(username)) ?? null;
  }

  /** What is known is that of before. */
  forget(): void {
    this.isKnown.value = false;
  }

  /** @param total people who are online in all */
  replace(people: readonly Person[], total: number): void {
    this.byId.value = new Map(people.map((person) => [person.id, person]));
    this.unnamed.value = Math.max(0, total - people.length);
    this.isKnown.value = true;
  }

  /** Applies comings and goings, in their order. */
  apply(frames: readonly PresenceFrame[]): void {
    const next = new Map(this.byId.value);
    let unnamed = this.unnamed.value;
    for (const { type, user } of frames) {
      if (type === FrameType.Enter) next.set(user.id, user);
      else if (!next.delete(user.id)) unnamed -= 1;
    }
    this.byId.value = next;
    this.unnamed.value = Math.max(0, unnamed);
  }

  /** Gets to know those whom the list left out, up to a bound. */
  async nameEverybody(): Promise<void> {
    if (this.unnamed.value === 0 || this.isNaming) return;
    this.isNaming = true;
    try {
      let page = await this.fetchPage(PAGE_SIZE);
      const named: Person[] = [...page.items];
      while (page.next !== null && named.length < MOST_NAMED) {
        page = await this.fetchPage(PAGE_SIZE, page.next);
        named.push(...page.items);
      }
      this.replace(named, page.total);
    } catch (error) {
      // The search goes on among those who are known.
      if (!(error instanceof RestError) && !(error instanceof SessionOver)) throw error;
    } finally {
      this.isNaming = false;
    }
  }

  /** @param wanted part of a name, however it is written */
  find(wanted: string): readonly Person[] {
    const needle = foldedName(wanted.trim());
    if (needle === '') return this.sorted.value;
    return this.sorted.value.filter((person) => foldedName(person.username).includes(needle));
  }
}

const COLLATOR = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

export function isSameName(one: string, other: string): boolean {
  return foldedName(one) === foldedName(other);
}

/** However a name is written, it is this. */
function foldedName(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
