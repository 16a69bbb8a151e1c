import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { HandClock, settled } from '../../test/support/hand-clock.js';
import { TransferPace } from './transfer-pace.js';

const PIECE = 64 * 1024;

async function* pieces(count: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < count; at++) yield await Promise.resolve(Buffer.alloc(PIECE, at));
}

describe('Files that move at once', () => {
  it('move four pieces of 64 KiB a turn, one of each in their order', async () => {
    const clock = new HandClock();
    const pace = new TransferPace(clock);
    const moved: string[] = [];
    const move = async (name: string): Promise<void> => {
      for await (const piece of pace.paced(Readable.from(pieces(3)))) {
        moved.push(`${name}${String((piece as Buffer)[0])}`);
      }
    };
    const all = Promise.all(['a', 'b', 'c'].map(move));
    await settled();
    expect(moved).toHaveLength(4);
    await clock.pass(0);
    await settled();
    expect(moved).toHaveLength(8);
    await clock.pass(0);
    await all;
    expect(moved.toSorted()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2', 'c0', 'c1', 'c2']);
    expect(moved.slice(0, 3)).toEqual(['a0', 'b0', 'c0']);
  });

  it('wait for nothing where one moves alone, and leave nothing behind that breaks off', async () => {
    const clock = new HandClock();
    const pace = new TransferPace(clock);
    async function* broken(): AsyncGenerator<Buffer> {
      yield* pieces(1);
      throw new Error('cut');
    }
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const piece of pace.paced(Readable.from(broken())))
        seen.push((piece as Buffer).length);
    };
    await expect(read()).rejects.toThrow('cut');
    expect(seen).toEqual([PIECE]);
  });

  it('tell whoever takes them of a source that breaks before the first one is asked for', async () => {
    const source = Readable.from(pieces(1));
    const paced = new TransferPace(new HandClock()).paced(source);
    source.destroy(new Error('cut'));
    await settled();
    const read = async (): Promise<void> => {
      for await (const piece of paced) expect(piece).toBeUndefined();
    };
    await expect(read()).rejects.toThrow('cut');
  });
});
