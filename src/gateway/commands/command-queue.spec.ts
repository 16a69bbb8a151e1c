import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Identity } from '../../auth/identity.js';
import { Refusal } from '../../kernel/refusal.js';
import { Connection } from '../connections/connection.js';
import type { Channel } from '../wire/channel.js';
import type { Command } from '../wire/command.js';
import type { WireFormat } from '../wire/wire-format.js';
import { CommandQueue } from './command-queue.js';
import { MOST_WAITING } from './concurrent-lane.js';

const IDENTITY: Identity = {
  user: { id: '1', username: 'ann' },
  sessionId: 's',
  expiresAt: Number.MAX_SAFE_INTEGER,
};

/** A text names its command; `?` is none. */
const FORMAT: WireFormat = {
  wire: 'websocket',
  echoes: true,
  encode: () => Buffer.alloc(0),
  decode: (text) => {
    if (text.startsWith('?')) throw new Refusal('bad-json');
    return { type: text === text.toUpperCase() ? 1 : 0, body: { text } };
  },
};

/**
 * One client's queue, whose handlers end when the test says so. Concurrent commands have capital
 * names.
 */
class Stage {
  /** What happened since the last look: `a` was started, `~a` was refused. */
  private seen: string[] = [];
  /** `pause` and `resume`, as the socket was told. */
  readonly reading: string[] = [];
  readonly connection: Connection;
  readonly queue: CommandQueue;
  private readonly endings = new Map<string, (error: Error | null) => void>();

  constructor() {
    const told = (what: string) => (): void => void this.reading.push(what);
    const channel: Channel = {
      queuedBytes: 0,
      takenBytes: 0,
      write: () => undefined,
      drained: () => Promise.resolve(),
      pause: told('pause'),
      resume: told('resume'),
      close: () => undefined,
      terminate: () => undefined,
    };
    this.connection = new Connection('c', IDENTITY, '', FORMAT, channel, false, () => undefined);
    this.queue = new CommandQueue(this.connection, {
      handle: (command) => this.begin(nameOf(command)),
      isConcurrent: ({ type }) => type === 1,
      refuse: (_error, command) => {
        this.seen.push(`~${command === null ? '?' : nameOf(command)}`);
      },
    });
  }

  /**
   * `>a` a frame comes, `.a` its handler ends, `!a` it fails, `x` the client goes, and `=…` says
   * what must have happened since the last such step.
   */
  async play(steps: string): Promise<void> {
    for (const step of steps.split(' ')) {
      const name = step.slice(1);
      if (step.startsWith('>')) this.queue.receive(name);
      else if (step.startsWith('.')) this.end(name, null);
      else if (step.startsWith('!')) this.end(name, new Error('it failed'));
      else if (step === 'x') this.connection.gone();
      await nextTurn();
      if (!step.startsWith('=')) continue;
      expect({ after: steps, seen: this.seen.join('') }).toEqual({ after: steps, seen: name });
      this.seen = [];
    }
  }

  private begin(name: string): Promise<void> {
    this.seen.push(name);
    return new Promise((resolve, reject) => {
      this.endings.set(name, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  private end(name: string, error: Error | null): void {
    const end = this.endings.get(name);
    if (end === undefined) throw new Error(`${name} has not begun`);
    end(error);
  }
}

function nameOf({ body }: Command): string {
  return String(body['text']);
}

describe('The frames of one connection', () => {
  it.each([
    ['are handled one after the other', '>a >b >c =a .a =b .b =c .c'],
    ['go on after one that failed', '>a >b =a !a =~ab'],
    ['go on after one that cannot be read', '>a >? >b =a .a =~?b'],
    ['do not wait for a concurrent one', '>S >a >b =Sa .a =b .b .S >c =c'],
    ['are begun in their order, a concurrent one as well', '>a >S >b =a .a =Sb'],
    ['wait for another of their kind where they are concurrent', '>S >T >a =Sa .a = .S =T .T'],
    ['come to a concurrent one that waited when the one before failed', '>S >T >a =Sa !S =~ST'],
    ['wait where too many concurrent ones do', '>S >T >U >V >W >X >a >b =S .S =Ta .a =b'],
    ['go on where concurrent ones have ended before', '>S .S >T .T >U .U >V >a =STUVa'],
    ['are dropped when the client goes', '>a >b =a x .a ='],
    ['are dropped when the client goes, the concurrent ones, too', '>S >T >a =Sa x .S .a ='],
    ['are not handled any more where they come after that', '>a =a x >b .a ='],
  ])('%s', async (_what, steps) => {
    await new Stage().play(steps);
  });

  it('wait for the introduction of their connection', async () => {
    const stage = new Stage();
    let introduce: () => void = () => undefined;
    stage.connection.introduce(() => new Promise((resolve) => (introduce = resolve)));
    await stage.play('>a >S =');
    introduce();
    await stage.play('=a .a =S');
  });

  it('pause the socket while many of them wait, and let it be read again after', async () => {
    const stage = new Stage();
    const many = Array.from({ length: 65 }, (_, i) => `f${String(i)}`);
    await stage.play(many.map((name) => `>${name}`).join(' '));
    expect(stage.reading).toEqual(['pause']);
    await stage.play(many.map((name) => `.${name}`).join(' '));
    expect(stage.reading).toEqual(['pause', 'resume']);
  });

  it('count as waiting until they were begun, the concurrent ones until their end', async () => {
    const stage = new Stage();
    await stage.play('>FIRST >SECOND >a >bcd =FIRSTa');
    expect(stage.queue.waitingBytes).toBe(2 * 'FIRSTSECONDbcd'.length);
    await stage.play('.a =bcd .FIRST =SECOND');
    expect(stage.queue.waitingBytes).toBe(2 * 'SECOND'.length);
    await stage.play('.SECOND .bcd =');
    expect(stage.queue.waitingBytes).toBe(0);
  });

  it('pause the socket also where too many concurrent ones hold them up', async () => {
    const stage = new Stage();
    const concurrent = Array.from({ length: 1 + MOST_WAITING + 1 }, (_, i) => `>S${String(i)}`);
    const behind = Array.from({ length: 64 }, (_, i) => `>f${String(i)}`);
    await stage.play([...concurrent, ...behind].join(' '));
    expect(stage.reading).toEqual(['pause']);
    await stage.play('=S0 .S0 =S1f0');
  });
});
