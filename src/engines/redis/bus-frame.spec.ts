import { describe, expect, it } from '@jest/globals';
import {
  directKey,
  personTopic,
  roomKey,
  roomTopic,
  type Topic,
} from '../../chat/conversations/key.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { decode, encodeBatch, encodeHeads, encodeLost } from './bus-frame.js';

const ANN = { id: '01ANN', username: 'ann' };
const BEN = { id: '01BEN', username: '本' };
const ROOM = roomKey('lobby');
const TOPIC = roomTopic(ROOM);
const PRIVATE = directKey(ANN.id, BEN.id);

const said: LiveEvent = {
  conversation: ROOM,
  seq: 7,
  n: 5,
  id: '01EVENT',
  time: 1_790_000_000_000,
  author: ANN,
  to: null,
  kind: 'message',
  target: null,
  body: 'hello',
  origin: 'node.1',
};
const whispered: LiveEvent = { ...said, conversation: PRIVATE, to: BEN };

describe('A frame between nodes', () => {
  it('comes as it was sent', () => {
    const [room = ''] = encodeBatch([said, { ...said, seq: 8, origin: '' }]);
    expect(decode(room, TOPIC)).toEqual({
      kind: 'batch',
      events: [said, { ...said, seq: 8, origin: '' }],
    });
    const [direct = ''] = encodeBatch([whispered]);
    expect(decode(direct, personTopic(BEN.id))).toEqual({ kind: 'batch', events: [whispered] });
    const heads = encodeHeads([[ROOM, 7]]);
    expect(decode(heads, TOPIC)).toEqual({ kind: 'heads', heads: [[ROOM, 7]] });
    expect(decode(encodeLost(), null)).toEqual({ kind: 'lost' });
  });

  it.each(['join', 'part'])('tells of a %s to whoever it is about, and of nothing else', (kind) => {
    const own = personTopic(ANN.id);
    const moved = { ...said, kind };
    const [frame = ''] = encodeBatch([moved]);
    expect(decode(frame, own)).toEqual({ kind: 'batch', events: [moved] });
    expect(decode(frame, TOPIC)).toEqual({ kind: 'batch', events: [moved] });
    expect(decode(frame, personTopic(BEN.id))).toBeNull();
    expect(decode(encodeBatch([said])[0] ?? '', own)).toBeNull();
    expect(decode(encodeHeads([[ROOM, 7]]), own)).toBeNull();
  });

  it('goes in parts where it is large, and each part can be read', () => {
    const events = Array.from({ length: 10 }, (_, at) => ({
      ...said,
      seq: at + 1,
      n: at + 1,
      body: 'x'.repeat(100_000),
    }));
    const frames = encodeBatch(events);
    expect(frames.length).toBeGreaterThan(3);
    const read = frames.map((frame) => decode(frame, TOPIC));
    expect(read.flatMap((one) => (one?.kind === 'batch' ? one.events : []))).toEqual(events);
  });

  const batch = (change: object, of = said): string => encodeBatch([{ ...of, ...change }])[0] ?? '';

  it.each([
    ['a text', '"text"'],
    ['no kind', '[]'],
    ['another kind', '["other",[]]'],
    ['a batch that is no list', '["batch",{"length":1},3]'],
    ['a batch of nothing', '["batch",[null],3]'],
    ['an object in place of a row', '["batch",[{"conversation":"room:lobby"}],3]'],
    ['the key of no conversation', batch({ conversation: 'nonsense' })],
    ['the key of nobody in private', batch({ conversation: 'direct:a' })],
    ['people in the wrong order', batch({ conversation: `direct:${BEN.id}:${ANN.id}` })],
    ['another room', batch({ conversation: 'room:other' })],
    ['the number 0', batch({ seq: 0 })],
    ['a number below 0', batch({ seq: -1 })],
    ['half a number', batch({ seq: 1.5 })],
    ['a number beyond all', batch({ seq: 2 ** 60 })],
    ['a text as number', batch({ seq: '7' })],
    ['a time that is none', batch({ time: 'now' })],
    ['an id that is none', batch({ id: '' })],
    ['a name that is none', batch({ author: { id: '01ANN', username: 7 } })],
    ['a name without end', batch({ author: { id: '01ANN', username: 'x'.repeat(10_000) } })],
    ['nobody as author', batch({ author: { id: '', username: 'ann' } })],
    ['a recipient in a room', batch({ to: BEN })],
    ['no recipient in private', batch({ to: null }, whispered)],
    ['a stranger in private', batch({ to: { id: '01CLEO', username: 'cleo' } }, whispered)],
    ['somebody to themselves', batch({ to: ANN }, whispered)],
    ['a count below 0', batch({ n: -1 })],
    ['a count above the number', batch({ n: 8 })],
    ['no kind of event', batch({ kind: '' })],
    ['a kind without end', batch({ kind: 'x'.repeat(33) })],
    ['a target that is none', batch({ target: 0 })],
    ['a text as target', batch({ target: '6' })],
    ['no body', batch({ body: null })],
    ['an origin that is none', batch({ origin: null })],
    ['a head of no conversation', '["heads",[["nonsense",5]]]'],
    ['a head that is no number', '["heads",[["room:lobby","5"]]]'],
    ['a head of another room', '["heads",[["room:other",5]]]'],
    ['word of a loss on a room', encodeLost()],
  ])('is refused whole: %s [S47]', (_, text) => {
    const topic: Topic = text.includes('direct') ? personTopic(ANN.id) : TOPIC;
    expect(decode(text, topic)).toBeNull();
  });

  it('carries an event of any kind as it is', () => {
    const wave = { ...said, kind: 'wave', target: 3, body: '{"hand":"左"}' };
    const [frame = ''] = encodeBatch([wave]);
    expect(decode(frame, TOPIC)).toEqual({ kind: 'batch', events: [wave] });
  });

  it.each([
    ['the version before', '["batch",[["room:lobby",7,"01EVENT",1,["01ANN","ann"],null,"x","n"]]]'],
    ['a later one', batch({}).replace(/3\]$/, '4]')],
  ])('is not read where %s made it', (_, text) => {
    expect(decode(text, TOPIC)).toEqual({ kind: 'other-version' });
  });

  it('says nothing of a conversation to all nodes', () => {
    expect(decode(encodeHeads([[ROOM, 7]]), null)).toBeNull();
    expect(decode(batch({}), null)).toBeNull();
  });
});
