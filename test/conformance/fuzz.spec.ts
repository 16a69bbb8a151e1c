import { randomInt } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { residentBytes, SAME_HEAP } from '../support/memory.js';
import { enter, guest, type Member } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { play } from './fuzzer.js';
import { CANARY } from './mutations.js';
import { Random } from './random.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 32));
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 20_000);
const LANES = 4;
/** Behind so many frames everything was used once, and memory has the size that it keeps. */
const WARM_UP = Math.min(5_000, FRAMES / 4);
/** What the garbage collector may leave lying about. Were every frame kept, it would be more. */
const MEMORY_BOUND = 80 * 1024 * 1024;
/** For each frame, far more than it takes. */
const PATIENCE_MS = 60_000 + FRAMES * 10;

describeWith('linux', `Frames that are not as they should be (FUZZ_SEED=${SEED})`, () => {
  let service: Service;
  let bystander: Member;

  beforeAll(async () => {
    service = await startService({
      env: { ...SAME_HEAP, LOG_LEVEL: 'warn', MAX_SYNC_MESSAGES: '50' },
    });
    bystander = await enter(service, 'bystander');
  });

  it(
    `neither end the service nor fill its memory, and nobody else notices: ${FRAMES} frames`,
    async () => {
      const { pid, port } = service;
      const ends: Record<string, number> = {};
      let played = 0;
      let warm = 0;
      const lane = async (_: unknown, index: number): Promise<void> => {
        const random = new Random(SEED + index);
        const { access_token: token } = await guest(service, `fuzzer-${index}`);
        while (played < FRAMES) {
          const { frames, end } = await play(port, token, random);
          played += frames;
          ends[end] = (ends[end] ?? 0) + 1;
          if (warm === 0 && played > WARM_UP) warm = residentBytes(pid);
        }
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      const memory = residentBytes(pid);
      tell({ played, ends, warm, memory });

      expect(service.pid).toBe(pid);
      expect(memory - warm).toBeLessThan(MEMORY_BOUND);
    },
    PATIENCE_MS,
  );

  it('and the bystander has had every message, once and in order, on the same connection', async () => {
    const witness = await enter(service, 'witness');
    witness.socket.send({ type: 2, data: 'that was it' });
    await bystander.socket.next({ type: 2, data: 'that was it' });
    const numbers = bystander.socket.frames.flatMap(({ type, room, seq }) =>
      type === 2 && room === 'lobby' ? [seq] : [],
    );
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(bystander.socket.frames.filter(({ type }) => type === 0 || type === 7)).toEqual([]);
  });

  it('and the log has neither an error nor anything of what was sent', () => {
    const lines = service.logs().split('\n');
    expect(lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
    expect(service.logs()).not.toContain(CANARY);
  });
});

function tell(run: {
  readonly played: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly warm: number;
  readonly memory: number;
}): void {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  const count = Object.values(run.ends).reduce((sum, one) => sum + one, 0);
  process.stdout.write(
    `fuzz: seed ${SEED}, ${run.played} frames over ${count} connections, memory ` +
      `${megabytes(run.warm)} → ${megabytes(run.memory)}, closed with ${JSON.stringify(run.ends)}\n`,
  );
}
