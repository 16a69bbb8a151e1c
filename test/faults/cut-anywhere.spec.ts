import { beforeAll, describe, expect, it } from '@jest/globals';
import { enter, guest, join, type Member, type Tokens } from '../support/people.js';
import { type Service, startService } from '../support/service.js';
import { type Direction, startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { type ChatSocket, connect, type Frame } from '../support/ws-client.js';
import { readLog } from './ledger.js';

/** Said over each connection that is going to be cut. */
const MESSAGES = 4;
/** Bytes from one cut to the next: a prime, so that frames are cut at ever other places. */
const STEP = 11;

interface Said {
  readonly type: 2;
  readonly data: string;
  readonly ref: string;
}

/** Acks name their room, too. */
function isMessage({ type, seq }: Frame): boolean {
  return type === 2 && seq !== undefined;
}

/** What one person said and has of the lobby, over any number of connections. */
class Voyage {
  /** Everything up to here has been received. */
  position = 0;
  private cuts = 0;

  constructor(
    private readonly service: Service,
    private readonly proxy: TcpProxy,
    private readonly tokens: Tokens,
    private readonly bob: Member,
  ) {}

  /** @returns false where the connection was through before that many bytes had passed */
  async cutAt(bytes: number, direction: Direction): Promise<boolean> {
    this.cuts += 1;
    this.proxy.cutAfter(bytes, direction);
    const sent = Array.from({ length: MESSAGES }, (_, i): Said => ({
      type: 2,
      data: `${direction} ${String(bytes)}: ${String(i)}`,
      ref: `${direction}-${String(bytes)}-${String(i)}`,
    }));
    const socket = await this.connectThrough();
    if (socket !== null) {
      for (const frame of sent) socket.send(frame);
      const isWhole = await this.wholeOrCut(socket);
      this.receive(socket.frames);
      if (isWhole) {
        await socket.close();
        return false;
      }
    }
    await this.comeBack(sent, socket);
    return true;
  }

  private async connectThrough(): Promise<ChatSocket | null> {
    try {
      return await connect(this.proxy.wsUrl, { token: this.tokens.access_token });
    } catch {
      return null;
    }
  }

  private async wholeOrCut(socket: ChatSocket): Promise<boolean> {
    try {
      await socket.take(MESSAGES, { type: 6 });
      return true;
    } catch {
      await socket.closed();
      return false;
    }
  }

  /** Over a whole line: gets exactly what is missing, and sends everything again. */
  private async comeBack(sent: readonly Said[], before: ChatSocket | null): Promise<void> {
    const text = `meanwhile ${String(this.cuts)}`;
    this.bob.socket.send({ type: 2, data: text, ref: text });
    await this.bob.socket.next({ type: 6, ref: text });
    const socket = await join(this.service, this.tokens);
    const since = this.position;
    socket.send({ type: 8, data: { lobby: since }, ref: 'sync' });
    const { data } = await socket.next({ type: 8, ref: 'sync' });
    const { lobby } = data as { lobby: { seq: number; complete: boolean } };
    expect(lobby.complete).toBe(true);
    // What the cut connection had sent may still have come live, before the Sync was begun.
    const came = socket.frames.filter(isMessage);
    const missed = came.slice(-(lobby.seq - since));
    expect(missed.map(({ seq }) => seq)).toEqual(
      Array.from({ length: lobby.seq - since }, (_, i) => since + 1 + i),
    );
    this.receive(missed);
    for (const frame of sent) {
      socket.send(frame);
      const again = await socket.next({ type: 6, ref: frame.ref });
      const first = before?.frames.find(({ type, ref }) => type === 6 && ref === frame.ref);
      if (first) expect(again).toEqual(first);
      this.position = Math.max(this.position, again.seq ?? 0);
    }
    await socket.close();
  }

  private receive(frames: readonly Frame[]): void {
    for (const { seq } of frames.filter(isMessage)) {
      expect(seq).toBe(this.position + 1);
      this.position += 1;
    }
  }
}

describe('a connection that is cut anywhere [F10]', () => {
  let service: Service;
  let proxy: TcpProxy;
  let bob: Member;

  beforeAll(async () => {
    service = await startService({ env: { LOG_LEVEL: 'warn' } });
    proxy = await startProxy(service.port);
    bob = await enter(service, 'bob');
  });

  it.each(['up', 'down'] as const)(
    'is resumed with exactly what is missing, and stores once what is sent again (%s)',
    async (direction) => {
      const ann = await guest(service, `ann-${direction}`);
      const voyage = new Voyage(service, proxy, ann, bob);
      voyage.position = (await readLog(service, ann)).length;
      let cuts = 0;
      while (await voyage.cutAt(1 + cuts * STEP, direction)) cuts += 1;
      // Through the handshake and all that was said.
      expect(cuts).toBeGreaterThan(50);
      const log = await readLog(service, ann);
      const texts = log.map(({ data }) => data).filter((text) => text.startsWith(direction));
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts).toHaveLength((cuts + 1) * MESSAGES);
    },
  );
});
