import { Injectable } from '@nestjs/common';
import type { Room } from '../conversations/room.js';
import type { RoomChange } from '../conversations/room-change.js';
import { RoomStore } from '../conversations/room-store.js';
import { type Draft, NO_ORIGIN, type Written } from '../log/event.js';
import { Journal, Stale } from '../log/journal.js';
import { RoomQueue } from './room-queue.js';

/** How often a change is decided anew because another node was faster. */
const TRIES = 10;

/** What a change of a room is decided by, as the store had it. */
export interface RoomState {
  readonly room: Room;
}

/** Reads, decides, writes; and again from the start where somebody else has changed the room. */
@Injectable()
export class RoomWriter {
  constructor(
    private readonly journal: Journal,
    private readonly store: RoomStore,
    private readonly queue: RoomQueue,
  ) {}

  /**
   * @param read what the decision goes by; it refuses whoever may not do it, before anything waits
   *   for the room: so an outsider cannot tell a busy room from none
   * @param act writes what was decided, by `write` and `change`
   * @throws Refusal as they do, by rejection; `busy` where others are faster all the time
   */
  async decide<State extends RoomState, Done>(
    read: () => Promise<State>,
    act: (state: State) => Promise<Done>,
  ): Promise<Done> {
    let state = await read();
    return this.queue.run(state.room.id, async (hasWaited) => {
      if (hasWaited) state = await read();
      for (let tries = 1; ; tries++) {
        try {
          return await act(state);
        } catch (error) {
          if (!(error instanceof Stale) || tries === TRIES) throw error;
          state = await read();
        }
      }
    });
  }

  /**
   * Stores an event, with the rows that it changes.
   * @throws Stale where the rows are not as expected, by rejection; else as the journal
   */
  write(draft: Draft): Promise<Written> {
    return this.journal.write(draft, NO_ORIGIN);
  }

  /**
   * Changes rows without an event.
   * @throws Stale where they are not as expected, by rejection
   */
  async change(changes: readonly RoomChange[]): Promise<void> {
    if (!(await this.store.change(changes))) throw new Stale();
  }
}

/** The room is as it was read; with this it moves on to the next version. */
export function expect({ id, version }: Room): RoomChange {
  return { op: 'expect', room: id, version };
}
