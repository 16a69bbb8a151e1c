import type { Frame } from '../support/ws-client.js';
import { conversationOf, LOBBY } from './message.js';
import type { Item } from './changes.js';
import type { Told } from './ledger.js';

const PAGE = 200;

interface Page {
  readonly items: readonly Frame[];
  readonly next_after: number | null;
}

/** Reads conversations page by page over HTTP. */
export class History {
  constructor(
    private readonly url: () => string,
    private readonly token: string,
  ) {}

  /**
   * @param name as frames name it: a room, or `@` and a person
   * @returns all that stands above `after`, in ascending order
   */
  async *read(name: string, after = 0): AsyncGenerator<Told> {
    const path = name.startsWith('@') ? `/direct/${name.slice(1)}` : `/rooms/${name}`;
    let next: number | null = after;
    while (next !== null) {
      const since = performance.now();
      const page: Page = await this.page(`${path}/messages?after=${next}&limit=${PAGE}`);
      for (const item of page.items) yield { ...toTold(item), since };
      next = page.next_after;
    }
  }

  private async page(path: string): Promise<Page> {
    const response = await fetch(this.url() + path, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return (await response.json()) as Page;
  }
}

/** A frame of type 2 or 3, which pages hold, too. */
export function toTold(frame: Frame): Told {
  const { user, to, room, id = '', seq = 0, data } = frame;
  // Pages say more than the tests know of every frame.
  const item = frame as Item & Frame;
  const author = user?.username ?? '';
  const conversation = to === undefined ? (room ?? LOBBY) : conversationOf(author, to);
  return { author, conversation, id, seq, text: data, item };
}
