import { describe, expect, it } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { enter, guest, join, login, register, type Tokens } from '../../support/people.js';
import type { ChatSocket } from '../../support/ws-client.js';
import { Random } from '../../conformance/random.js';

const ROUNDS = 8;
const SEED = Number(process.env['DEVICES_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

/** How many connections the list says that somebody has. */
async function listed(socket: ChatSocket, { user }: Tokens, ref: string): Promise<number> {
  socket.send({ type: 1, ref });
  const { data } = await socket.next({ type: 1, ref });
  const people = JSON.parse(String(data)) as { id: string; connections: number }[];
  return people.find(({ id }) => id === user.id)?.connections ?? 0;
}

describe(`Whatever many devices of one person do at once (DEVICES_SEED=${SEED})`, () => {
  it('a message is stored once, and acknowledged once for each time that it was sent [F15]', async () => {
    const place = await startApp();
    const random = new Random(SEED);
    const reader = await enter(place, 'reader');
    const tokens = await guest(place, 'sender');
    let stored = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const devices = await Promise.all(
        Array.from({ length: 2 + random.below(6) }, () => join(place, tokens)),
      );
      const refs = Array.from({ length: 1 + random.below(10) }, (_, at) => `${round}.${at}`);
      stored += refs.length;
      const sent = new Map(devices.map((device) => [device, [] as string[]]));
      // Each message at least once; then any of them from any device, again and again.
      const sends = [...refs, ...Array.from({ length: 40 }, () => random.pick(refs))];
      for (const ref of sends) {
        const device = random.pick(devices);
        sent.get(device)?.push(ref);
        device.send({ type: 2, data: `message ${ref}`, ref });
        if (random.chance(0.2)) await device.roundTrip();
      }
      const places = new Map<string, Set<string>>();
      for (const [device, own] of sent) {
        const acks = await device.take(own.length, { type: 6 });
        expect(acks.map(({ ref }) => ref).sort()).toEqual([...own].sort());
        for (const { ref = '', id, seq } of acks) {
          places.set(ref, (places.get(ref) ?? new Set()).add(`${id} ${seq}`));
        }
        await device.close();
      }
      expect([...places.values()].every((one) => one.size === 1)).toBe(true);
    }
    const heard = await reader.socket.take(stored, { type: 2, room: 'lobby' });
    expect(heard.map(({ seq }) => seq)).toEqual(Array.from({ length: stored }, (_, i) => i + 1));
    expect(new Set(heard.map(({ data }) => data)).size).toBe(stored);
    await reader.socket.roundTrip();
    expect(reader.socket.rest().filter(({ room }) => room !== undefined)).toEqual([]);
  });

  it('the list counts the devices that are open, however they come and go [F15]', async () => {
    const place = await startApp({ PRESENCE_GRACE: '0' });
    const random = new Random(SEED);
    const watcher = await enter(place, 'watcher');
    const tokens = await guest(place, 'many');
    let open: ChatSocket[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const leaving = open.filter(() => random.chance(0.5));
      const coming = 1 + random.below(6);
      const [come] = await Promise.all([
        Promise.all(Array.from({ length: coming }, () => join(place, tokens))),
        ...leaving.map((one) => (random.chance(0.5) ? one.terminate() : one.close())),
      ]);
      open = [...open.filter((one) => !leaving.includes(one)), ...come];
      let count = -1;
      // The service hears of an end a moment after it is one.
      for (let asked = 0; count !== open.length && asked < 200; asked++) {
        count = await listed(watcher.socket, tokens, `${round}.${asked}`);
      }
      expect(count).toBe(open.length);
    }
    await Promise.all(open.map((one) => one.close()));
    // An earlier round may have let all of them go as well: only the list says that this was the end.
    let left = -1;
    for (let asked = 0; left !== 0 && asked < 200; asked++) {
      left = await listed(watcher.socket, tokens, `end.${asked}`);
    }
    expect(left).toBe(0);
  });

  it('log-ins at once are sessions of their own, and one person in the list [F15]', async () => {
    const place = await startApp({ HASH_QUEUE: '100' });
    const watcher = await enter(place, 'watcher');
    await register(place, 'twin');
    const tokens = await Promise.all(Array.from({ length: 10 }, () => login(place, 'twin')));
    const sockets = await Promise.all(tokens.map((one) => join(place, one)));
    const sessions = sockets.map(({ frames }) => {
      return (frames[0] as unknown as { session: { id: string } }).session.id;
    });
    expect(new Set(sessions).size).toBe(10);
    expect(new Set(tokens.map(({ user }) => user.id)).size).toBe(1);
    const [one] = tokens;
    if (one === undefined) throw new Error('nobody logged in');
    expect(await listed(watcher.socket, one, 'list')).toBe(10);
    await watcher.socket.next({ type: 4, user: one.user });
    await watcher.socket.roundTrip();
    expect(watcher.socket.rest().filter(({ type }) => type === 4)).toHaveLength(1);
  });
});
