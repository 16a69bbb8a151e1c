import type { Timing } from '../measure/observe.js';
import type { Pass, Peer } from '../peers/peer.js';
import { Histogram } from './histogram.js';
import { HttpCaller } from './http-caller.js';

const PAGE = 50;
/** Reads before timing starts: cold code is not what a long history costs. */
const WARM_UP_PAGES = 2_000;

/** Reads pages of the room's history, one after the other, each at another position. */
export class PageReader {
  private readonly caller: HttpCaller;

  private constructor(
    private readonly archive: NonNullable<Peer['archive']>,
    port: number,
    private readonly token: string,
    private readonly stored: number,
  ) {
    this.caller = new HttpCaller(port, 1);
  }

  /** @throws where the peer keeps no history */
  static open({ name, archive }: Peer, port: number, { token }: Pass, stored: number): PageReader {
    if (!archive) throw new Error(`${name} keeps no history`);
    return new PageReader(archive, port, token, stored);
  }

  /** @returns milliseconds until the whole page was received */
  async read(): Promise<number> {
    const path = this.archive.page(PAGE + Math.ceil(Math.random() * (this.stored - PAGE)), PAGE);
    const asked = performance.now();
    const answer = await this.caller.text({ method: 'GET', path, token: this.token });
    const took = performance.now() - asked;
    const { items } = JSON.parse(answer) as { items: unknown[] };
    if (items.length !== PAGE) throw new Error('a page is not complete');
    return took;
  }

  async warmUp(): Promise<void> {
    for (let pages = 0; pages < WARM_UP_PAGES; pages++) await this.read();
  }

  async readFor({ warmUpMs, windowMs }: Timing): Promise<Histogram> {
    const pages = new Histogram();
    const begun = performance.now();
    while (performance.now() < begun + warmUpMs + windowMs) {
      const took = await this.read();
      if (performance.now() - took > begun + warmUpMs) pages.record(took);
    }
    return pages;
  }

  close(): void {
    this.caller.close();
  }
}
