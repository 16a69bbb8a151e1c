import type { SyncOutcome } from '@parley/protocol';
import type { Frame } from '../support/ws-client.js';
import { RoomView } from './room-view.js';
import { isRoom } from './rooms.js';
import { View } from './view.js';

/** Numbers by names of conversations. */
type Numbers = Readonly<Record<string, number>>;

/** What one device has of all of its conversations, by their names in frames. */
export class Views {
  /** Where the other device has put the person's marks. */
  readonly marks = new Map<string, { readonly seq: number; readonly unread: number }>();
  private readonly views = new Map<string, View>();
  private readonly roomViews = new Map<string, RoomView>();

  /** @param names those that it has from the beginning: the lobby, and other people */
  constructor(
    names: readonly string[],
    private readonly acksMayLead: boolean,
  ) {
    for (const name of names) this.views.set(name, new View(acksMayLead));
  }

  get(name: string): View | undefined {
    return this.views.get(name);
  }

  /** @param isInSync whether the connection is, where the room is a new one */
  room(name: string, isInSync: boolean): RoomView {
    const known = this.roomViews.get(name);
    if (known !== undefined) return known;
    const view = new RoomView(this.acksMayLead);
    if (isInSync) view.synced(0);
    this.views.set(name, view);
    this.roomViews.set(name, view);
    return view;
  }

  /** Rooms that the person is in, as far as the device knows. */
  get inside(): readonly string[] {
    return [...this.roomViews].flatMap(([name, { isInside }]) => (isInside ? [name] : []));
  }

  get rooms(): ReadonlyMap<string, RoomView> {
    return this.roomViews;
  }

  /** Hears of a mark that was moved. */
  marked(frame: Frame, person: string): void {
    const { user, room, to = '', seq } = frame;
    if (user?.username !== person || seq === undefined || !('unread' in frame)) return;
    this.marks.set(room ?? `@${to}`, { seq, unread: Number(frame.unread) });
  }

  /** The welcome names the rooms that the person is in. */
  welcomed(heads: Numbers): void {
    for (const name of Object.keys(heads)) {
      if (isRoom(name)) this.room(name, false).isInside = true;
    }
  }

  /** What to ask a Sync for: not for rooms that the person is out of, and has the Part of. */
  get positions(): Numbers {
    const wanted = [...this.views].filter(([name]) => this.roomViews.get(name)?.isInside ?? true);
    return Object.fromEntries(wanted.map(([name, { last }]) => [name, last]));
  }

  /** @returns those of which too much was missed, and those of which something did not come */
  synced(outcomes: Readonly<Record<string, SyncOutcome>>): {
    readonly behind: readonly string[];
    readonly lacking: readonly string[];
  } {
    const behind: string[] = [];
    const lacking: string[] = [];
    for (const [name, { seq, complete }] of Object.entries(outcomes)) {
      if (!complete) behind.push(name);
      else if (this.views.get(name)?.synced(seq) === false) lacking.push(name);
    }
    for (const [name, view] of this.roomViews) if (!(name in outcomes)) view.synced(view.last);
    return { behind, lacking };
  }

  /** @returns the numbers that the connection that has ended passed over */
  *disconnect(): Generator<readonly [name: string, seq: number]> {
    for (const [name, view] of this.views) for (const seq of view.disconnect()) yield [name, seq];
  }

  [Symbol.iterator](): MapIterator<[string, View]> {
    return this.views[Symbol.iterator]();
  }
}
