import { directKey } from '../../src/chat/conversations/key.js';
import type { DeliveredMark, UndeliveredDirect } from '../../src/chat/marks/mark-store.js';
import type { Person } from '../../src/kernel/person.js';

/** Marks of what was delivered, in memory: as much of a mark store as delivery asks for. */
export class HandMarks {
  private readonly waiting = new Map<string, readonly UndeliveredDirect[]>();

  /** Up to `seq` the other one has written, and up to `delivered` the person has received it. */
  keepWaiting(person: Person, other: Person, delivered: number, seq: number): void {
    const conversation = directKey(person.id, other.id);
    const direct: UndeliveredDirect = {
      ...{ conversation, with: other, seq, delivered, time: seq, acquaintance: 0 },
    };
    this.waiting.set(person.id, [...(this.waiting.get(person.id) ?? []), direct]);
  }

  markDelivered(_marks: readonly DeliveredMark[]): Promise<void> {
    return Promise.resolve();
  }

  undelivered(people: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(people.filter((id) => this.waiting.has(id))));
  }

  undeliveredDirects(personId: string): Promise<readonly UndeliveredDirect[]> {
    return Promise.resolve(this.waiting.get(personId) ?? []);
  }
}
