import { WebSocket } from 'ws';
import { bounded } from '../../support/bounded.js';

export const POLLING = '/socket.io/?EIO=4&transport=polling';
export const BY_SOCKET = '/socket.io/?EIO=4&transport=websocket';

/** A session of long polling as it is on the wire. */
export class Poll {
  private constructor(
    private readonly url: string,
    readonly sid: string,
  ) {}

  static async open(url: string, headers: Record<string, string> = {}): Promise<Poll> {
    const response = await fetch(url + POLLING, { headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return new Poll(url, (JSON.parse(text.slice(1)) as { sid: string }).sid);
  }

  async send(packets: string, headers: Record<string, string> = {}): Promise<Response> {
    const init = { method: 'POST', body: packets, headers };
    return await fetch(`${this.url}${POLLING}&sid=${this.sid}`, init);
  }

  /** Polls until a packet comes that begins so. */
  async until(mark: string): Promise<void> {
    let text = '';
    while (!text.split('\u001e').some((packet) => packet.startsWith(mark))) {
      ({ text } = await this.poll());
    }
  }

  async poll(): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.url}${POLLING}&sid=${this.sid}`);
    return { status: response.status, text: await response.text() };
  }
}

/** Packets of a session over a WebSocket, until it is closed. */
export class Wire {
  readonly packets: string[] = [];
  private readonly closing: Promise<number>;

  private constructor(readonly raw: WebSocket) {
    raw.on('message', (data) => this.packets.push((data as Buffer).toString()));
    raw.on('error', () => undefined);
    this.closing = new Promise((resolve) => raw.once('close', resolve));
  }

  /** @param sid the session that goes over to it, where there is one */
  static async open(url: string, sid?: string): Promise<Wire> {
    const session = sid === undefined ? '' : `&sid=${sid}`;
    const raw = new WebSocket(url.replace('http', 'ws') + BY_SOCKET + session);
    const wire = new Wire(raw);
    const opened = new Promise<void>((resolve, reject) => {
      raw.once('open', resolve);
      raw.once('error', reject);
    });
    await bounded(opened, 'a socket', () => '');
    return wire;
  }

  /** The first such packet, come or to come. */
  async packet(isSuch: (packet: string) => boolean): Promise<string> {
    const come = new Promise<string>((resolve) => {
      const look = (): void => {
        const packet = this.packets.find(isSuch);
        if (packet !== undefined) resolve(packet);
        else this.raw.once('message', look);
      };
      look();
    });
    return await bounded(come, 'a packet', () => this.packets.slice(-20).join('\n'));
  }

  async closed(): Promise<number> {
    return await bounded(this.closing, 'the close', () => this.packets.join('\n'));
  }
}
