import { type Signal, signal } from '@preact/signals';
import { type Place, readJson, removeText, writeText } from './storage.js';

const KEY = 'parley.guest';

/** A guest has no password: when their session ends, they cannot come back under their name. */
export class Guest {
  /** They chose the name themselves, or have written under it. */
  readonly isKnown: Signal<boolean>;

  private constructor(
    private readonly place: Place,
    private readonly id: string,
    isKnown: boolean,
  ) {
    this.isKnown = signal(isKnown);
  }

  /** Remembers beside the tokens that their owner is a guest. */
  static mark(place: Place, id: string, isKnown: boolean): void {
    writeText(place, KEY, JSON.stringify({ id, isKnown }));
  }

  static unmark(place: Place): void {
    removeText(place, KEY);
  }

  /** @returns null for somebody who has an account */
  static find(place: Place, userId: string): Guest | null {
    const { id, isKnown } = Object(readJson(place, KEY)) as { id?: unknown; isKnown?: unknown };
    return id === userId ? new Guest(place, userId, isKnown === true) : null;
  }

  /** The session ends with the tab, not with a log-out only. */
  get goesWithTab(): boolean {
    return this.place === 'tab';
  }

  /** After a log-out. */
  forget(): void {
    removeText(this.place, KEY);
  }

  hasWritten(): void {
    if (this.isKnown.value) return;
    this.isKnown.value = true;
    Guest.mark(this.place, this.id, true);
  }
}
