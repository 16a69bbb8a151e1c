import { computed, signal } from '@preact/signals';
import { FrameType, type Person, type PresenceFrame } from '../../../client/frames.js';

/** Who is online. */
export class People {
  private readonly byId = signal<ReadonlyMap<string, Person>>(new Map());

  /** By name. */
  readonly sorted = computed<readonly Person[]>(() =>
    [...this.byId.value.values()].sort((one, other) =>
      COLLATOR.compare(one.username, other.username),
    ),
  );

  private readonly names = computed(
    () => new Set([...this.byId.value.values()].map((person) => person.username)),
  );

  get count(): number {
    return this.byId.value.size;
  }

  isOnline(username: string): boolean {
    return this.names.value.has(username);
  }

  replace(people: readonly Person[]): void {
    this.byId.value = new Map(people.map((person) => [person.id, person]));
  }

  /** Applies comings and goings, in their order. */
  apply(frames: readonly PresenceFrame[]): void {
    const next = new Map(this.byId.value);
    for (const { type, user } of frames) {
      if (type === FrameType.Enter) next.set(user.id, user);
      else next.delete(user.id);
    }
    this.byId.value = next;
  }

  /** @param wanted part of a name, however it is written */
  find(wanted: string): readonly Person[] {
    const needle = folded(wanted.trim());
    if (needle === '') return this.sorted.value;
    return this.sorted.value.filter((person) => folded(person.username).includes(needle));
  }
}

const COLLATOR = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
