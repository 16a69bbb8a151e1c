import { beforeAll, expect, it } from '@jest/globals';
import { RoomBook } from '../../src/chat/conversations/room-book.js';
import { RoomChannels } from '../../src/gateway/delivery/room-channels.js';
import type { Person } from '../../src/kernel/person.js';
import { until } from '../support/bounded.js';
import { type Node, SharedStore, startNode } from '../support/nodes.js';
import { enter, guest, join, type Member, type Tokens } from '../support/people.js';
import { redisPlace, type RedisPlace } from '../support/redis.js';
import { describeWith } from '../support/requirements.js';
import { HandRoom } from '../support/rooms.js';
import type { ChatSocket, Frame } from '../support/ws-client.js';

const SYNC = 8;
const PART = 16;

/** The numbers of the room's events that the client was told, in order. */
function told({ frames }: ChatSocket, { name }: HandRoom): readonly number[] {
  return frames.flatMap(({ room, seq }: Frame) =>
    room === name && seq !== undefined ? [seq] : [],
  );
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

describeWith('redis-server', 'Rooms over three nodes', () => {
  let place: RedisPlace;
  let nodes: readonly [Node, Node, Node];
  let owner: Member;
  let count = 0;

  beforeAll(async () => {
    const store = await SharedStore.open();
    place = await redisPlace();
    nodes = [
      await startNode(store, place),
      await startNode(store, place),
      await startNode(store, place),
    ];
    owner = await enter(nodes[0], 'owner');
  });

  /** On every node one. */
  async function devices(tokens: Tokens): Promise<readonly ChatSocket[]> {
    return Promise.all(nodes.map((node) => join(node, tokens)));
  }

  function person(): Promise<Tokens> {
    return guest(nodes[0], `person-${count++}`);
  }

  function makeRoom(): Promise<HandRoom> {
    return HandRoom.make(nodes[0], `room-${count++}`, owner.tokens.user);
  }

  function say(room: HandRoom, text: string): Promise<unknown> {
    return room.say(owner.tokens.user, text);
  }

  /** A bus that loses what it has for the person on this node. */
  function deafenTo({ link }: Node, { id }: Person): void {
    link.unsubscribe(`${place.prefix}:bus:person:${id}`);
    link.unsubscribe(`${place.prefix}:signals:person:${id}`);
  }

  /** The same for the room. */
  function deafenToRoom({ link }: Node, { id }: HandRoom): void {
    link.unsubscribe(`${place.prefix}:bus:room:${id}`);
  }

  it('are heard on each of them from the Join on, wherever it was written', async () => {
    const tokens = await person();
    const sockets = await devices(tokens);
    const room = await makeRoom();
    await say(room, 'before');
    await room.at(nodes[1]).join(tokens.user);
    for (const text of ['one', 'two', 'three']) await say(room, text);
    for (const socket of sockets) {
      await socket.next({ data: 'three', room: room.name });
      expect(told(socket, room)).toEqual(range(3, 6));
    }
  });

  it('are heard by whoever connects to a node on which nobody was in them', async () => {
    const tokens = await person();
    const room = await makeRoom();
    await room.at(nodes[2]).join(tokens.user);
    const socket = await join(nodes[1], tokens);
    expect(socket.frames[0]).toMatchObject({ heads: { [room.name]: 2 } });
    await say(room, 'after');
    await socket.next({ data: 'after', room: room.name });
    expect(told(socket, room)).toEqual([3]);
  });

  it('are heard from the Join on also where the bus lost it', async () => {
    const tokens = await person();
    const sockets = await devices(tokens);
    const room = await makeRoom();
    for (const node of nodes) deafenTo(node, tokens.user);
    await room.join(tokens.user);
    await say(room, 'after');
    for (const socket of sockets) {
      await socket.next({ data: 'after', room: room.name });
      expect(told(socket, room)).toEqual([2, 3]);
    }
  });

  it('are told once where a Sync brought them before the node heard of the Join', async () => {
    const tokens = await person();
    const socket = await join(nodes[1], tokens);
    const room = await makeRoom();
    deafenTo(nodes[1], tokens.user);
    await room.join(tokens.user);
    await say(room, 'before');
    socket.send({ type: SYNC, data: { [room.name]: 1 }, ref: 'sync' });
    await socket.next({ type: SYNC, ref: 'sync' });
    expect(told(socket, room)).toEqual([2, 3]);
    const book = nodes[1].app.get(RoomBook);
    const isIn = (): Promise<true | null> =>
      Promise.resolve(book.membership(tokens.user.id, room.key) === null ? null : true);
    await until(isIn, 'the node to learn of it', () => 'it does not know');
    await say(room, 'after');
    await socket.next({ data: 'after', room: room.name });
    expect(told(socket, room)).toEqual([2, 3, 4]);
  });

  it('are entered and left also where no event tells of it', async () => {
    const tokens = await person();
    const sockets = await devices(tokens);
    const room = await makeRoom();
    await say(room, 'before');
    await room.joinUntold(tokens.user);
    await say(room, 'in');
    for (const socket of sockets) await socket.next({ data: 'in', room: room.name });
    await room.partUntold(tokens.user);
    const books = nodes.map(({ app }) => app.get(RoomBook));
    const isOut = (): Promise<true | null> =>
      Promise.resolve(
        books.some((book) => book.membership(tokens.user.id, room.key)) ? null : true,
      );
    await until(isOut, 'every node to learn of it', () => 'one does not know');
    expect(nodes[2].app.get(RoomChannels).get(room.key)).toBeUndefined();
    await say(room, 'out');
    await owner.socket.next({ data: 'out' });
    for (const socket of sockets) {
      await socket.roundTrip();
      expect(told(socket, room)).toEqual([3]);
    }
  });

  it('end at the Part for pages and Syncs, too, where the bus has lost it', async () => {
    const tokens = await person();
    const room = await makeRoom();
    await room.join(tokens.user);
    const socket = await join(nodes[1], tokens);
    deafenTo(nodes[1], tokens.user);
    deafenToRoom(nodes[1], room);
    const { seq } = await room.part(tokens.user, owner.tokens.user);
    await say(room, 'after');
    socket.send({ type: SYNC, data: { [room.name]: seq }, ref: 'sync' });
    const { data } = await socket.next({ type: SYNC, ref: 'sync' });
    expect(data).toEqual({ [room.name]: { seq, complete: true } });
    const url = `${nodes[1].url}/rooms/${room.name}`;
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    for (const way of ['messages', `messages/${seq + 1}`, 'export', 'changes']) {
      const response = await fetch(`${url}/${way}`, { headers });
      expect(await response.json()).toMatchObject({ code: 'not-a-member' });
    }
    await socket.roundTrip();
    expect(told(socket, room).filter((told) => told > seq)).toEqual([]);
  });

  it('end for who is removed at the Part, and others miss nothing, two hundred times', async () => {
    const staying = await person();
    const stay = await devices(staying);
    const going = await person();
    const went = await devices(going);
    const room = await makeRoom();
    await room.join(staying.user);
    let isOver = false;
    const [one, two] = [room.at(nodes[1]), room.at(nodes[2])];
    const talk = async (at: HandRoom): Promise<void> => {
      for (let i = 0; !isOver; i++) await at.say(owner.tokens.user, `text ${i}`);
    };
    const talkers = [room, one, two].map(talk);
    const spans: (readonly [first: number, last: number])[] = [];
    for (let i = 0; i < 200; i++) {
      const joined = await [room, one, two][i % 3]?.join(going.user);
      const parted = await [two, room, one][i % 3]?.part(going.user, owner.tokens.user);
      spans.push([joined?.seq ?? 0, parted?.seq ?? 0]);
    }
    isOver = true;
    await Promise.all(talkers);
    await say(room, 'the end');
    const last = (await stay[0]?.next({ data: 'the end' }))?.seq ?? 0;
    for (const socket of stay) {
      if (socket !== stay[0]) await socket.next({ data: 'the end' });
      expect(told(socket, room)).toEqual(range(2, last));
    }
    const theirs = spans.flatMap(([first, end]) => range(first, end));
    for (const socket of went) {
      await socket.next({ type: PART, seq: spans.at(-1)?.[1] ?? 0 });
      await socket.roundTrip();
      expect(told(socket, room)).toEqual(theirs);
    }
  }, 300_000);
});
