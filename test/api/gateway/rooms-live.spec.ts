import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { HandRoom } from '../../support/rooms.js';
import { onEachTransport } from '../../support/transports.js';
import type { AnyClient, AnyMember } from '../../support/ways-in.js';
import type { Frame } from '../../support/ws-client.js';

const JOIN = 15;
const PART = 16;

onEachTransport((clients) => {
  describe('Rooms', () => {
    let service: RunningApp;
    let owner: AnyMember;
    let count = 0;

    beforeAll(async () => {
      service = await startApp({ PRESENCE_GRACE: '0' });
      owner = await clients.enter(service, `owner-${count++}`);
    });

    function person(): Promise<AnyMember> {
      return clients.enter(service, `member-${count++}`);
    }

    function makeRoom(history: 'all' | 'joined' = 'all'): Promise<HandRoom> {
      return HandRoom.make(service, `room-${count++}`, owner.tokens.user, history);
    }

    function say(room: HandRoom, text: string): Promise<unknown> {
      return room.say(owner.tokens.user, text);
    }

    /** The numbers of the room's events that the client was told, in order. */
    function told({ frames }: AnyClient, { name }: HandRoom): readonly number[] {
      return frames.filter(({ room, seq }) => room === name && seq !== undefined).map(seqOf);
    }

    it('are heard from the own Join on, by all devices, and by nobody else', async () => {
      const [member, other] = [await person(), await person()];
      const second = await clients.join(service, member.tokens);
      const room = await makeRoom();
      await say(room, 'before');
      await room.join(member.tokens.user);
      await say(room, 'after');
      for (const socket of [member.socket, second]) {
        await socket.next({ data: 'after', room: room.name });
        expect(told(socket, room)).toEqual([3, 4]);
        expect(socket.frames.find(({ room: name }) => name === room.name)).toMatchObject({
          ...{ type: JOIN, user: member.tokens.user, seq: 3, how: 'self' },
        });
      }
      await other.socket.roundTrip();
      expect(told(other.socket, room)).toEqual([]);
    });

    it('are heard by whoever comes into one that nobody here was in', async () => {
      const [member, gone] = [await person(), await person()];
      const room = await HandRoom.make(service, `room-${count++}`, gone.tokens.user);
      await gone.socket.close();
      await Promise.all([
        room.join(member.tokens.user),
        ...['one', 'two', 'three'].map((text) => room.say(gone.tokens.user, text)),
      ]);
      await member.socket.next({ data: 'three' });
      expect(told(member.socket, room)).toEqual([2, 3, 4, 5]);
    });

    it('are heard up to the own Part, and not above, and others miss nothing', async () => {
      const [member, other] = [await person(), await person()];
      const second = await clients.join(service, member.tokens);
      const room = await makeRoom();
      await room.join(other.tokens.user);
      await room.join(member.tokens.user);
      await Promise.all([
        say(room, 'in'),
        room.part(member.tokens.user, owner.tokens.user),
        say(room, 'out'),
        say(room, 'far out'),
      ]);
      await other.socket.next({ data: 'far out' });
      expect(told(other.socket, room)).toEqual([2, 3, 4, 5, 6, 7]);
      for (const socket of [member.socket, second]) {
        await socket.next({ type: PART, room: room.name });
        await socket.roundTrip();
        expect(told(socket, room)).toEqual([3, 4, 5]);
      }
    });

    it('are heard again from the next Join on', async () => {
      const member = await person();
      const room = await makeRoom();
      await room.join(member.tokens.user);
      await room.part(member.tokens.user);
      await say(room, 'missed');
      await room.join(member.tokens.user);
      await say(room, 'heard');
      await member.socket.next({ data: 'heard' });
      expect(told(member.socket, room)).toEqual([2, 3, 5, 6]);
    });

    it('can be spoken in right after the Join, by the name they have now', async () => {
      const member = await person();
      const room = await makeRoom();
      await room.join(member.tokens.user);
      const former = room.name;
      await room.rename(owner.tokens.user, `renamed-${count++}`);
      member.socket.send({ type: 2, room: former, data: 'hello', ref: 'r' });
      expect(await owner.socket.next({ data: 'hello' })).toMatchObject({ room: room.name, seq: 4 });
      expect(await member.socket.next({ type: 18 })).toMatchObject({ room: room.name, seq: 3 });
    });

    it('are caught up with by a Sync, from where the person may see them', async () => {
      const member = await person();
      const room = await makeRoom('joined');
      await say(room, 'not for you');
      await room.join(member.tokens.user);
      await say(room, 'for you');
      // A connection that begins while the person is being brought in is told of it twice.
      await member.socket.next({ data: 'for you' });
      const back = await clients.join(service, member.tokens, { resume: true });
      back.send({ type: 8, data: { [room.name]: 0 }, ref: 's' });
      const outcome = await back.next({ type: 8 });
      expect(outcome.data).toMatchObject({ [room.name]: { seq: 4, complete: true, from: 3 } });
      expect(told(back, room)).toEqual([3, 4]);
    });

    it('are brought to who was in them before up to the Part, and to nobody else', async () => {
      const [member, outsider] = [await person(), await person()];
      const room = await makeRoom();
      await room.join(member.tokens.user);
      await member.socket.close();
      await say(room, 'in');
      await room.part(member.tokens.user, owner.tokens.user);
      await say(room, 'out');
      const back = await clients.join(service, member.tokens, { resume: true });
      back.send({ type: 8, data: { [room.name]: 2 }, ref: 's' });
      const { data } = await back.next({ type: 8 });
      expect(data).toMatchObject({ [room.name]: { seq: 4, complete: true } });
      expect(told(back, room)).toEqual([3, 4]);
      outsider.socket.send({ type: 8, data: { [room.name]: 0 }, ref: 's' });
      expect(await outsider.socket.next({ type: 7 })).toMatchObject({ code: 'not-a-member' });
    });

    it('end for who is removed while a Sync is being read', async () => {
      const member = await person();
      const room = await makeRoom();
      await room.join(member.tokens.user);
      await Promise.all(Array.from({ length: 900 }, (_, at) => say(room, `text ${at}`)));
      const back = await clients.join(service, member.tokens, { resume: true });
      back.send({ type: 8, data: { [room.name]: 0 }, ref: 's' });
      await back.next({ room: room.name, data: 'text 0' });
      const { seq } = await room.part(member.tokens.user, owner.tokens.user);
      await Promise.all(['a', 'b', 'c'].map((text) => say(room, text)));
      await back.next({ type: PART, room: room.name });
      await back.next({ type: 8 });
      await back.roundTrip();
      expect(told(back, room)).toEqual(Array.from({ length: seq }, (_, at) => at + 1));
    });
  });
});

function seqOf({ seq }: Frame): number {
  return seq ?? 0;
}
