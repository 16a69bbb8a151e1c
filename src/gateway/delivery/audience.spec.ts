import { FrameType } from '@parley/protocol';
import { describe, expect, it } from '@jest/globals';
import { HandChannel } from '../../../test/support/hand-channel.js';
import { Connection } from '../connections/connection.js';
import { NativeFormat } from '../transports/ws/native-format.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import type { Told } from '../wire/queued-frame.js';
import type { WireFormat } from '../wire/wire-format.js';
import { Audience } from './audience.js';

const NATIVE = new NativeFormat(8);

/** Another format, whose connections may be written something of their own. */
const OWN_WORDS: WireFormat = {
  wire: 'socket.io',
  echoes: false,
  encode: (one) => NATIVE.encode(one),
  decode: (text) => NATIVE.decode(text),
};

class OwnWords extends Connection {
  readonly asked: Told[] = [];

  override tailor(told: Told): Buffer | null {
    this.asked.push(told);
    return told.said ? Buffer.from('[in its own words]') : null;
  }
}

function identityOf(id: string) {
  return { user: { id, username: id }, sessionId: id, expiresAt: Infinity };
}

function member(id: string): Connection {
  return new Connection(
    id,
    identityOf(id),
    '::1',
    NATIVE,
    new HandChannel(),
    false,
    () => undefined,
  );
}

function frame(text: string): EncodedFrame {
  return new EncodedFrame({ type: FrameType.Error, user: null, data: text, code: 'internal' });
}

/** What each member was handed: all of it, and what is left without presence. */
function flush(audience: Audience): ReadonlyMap<string, readonly [string, string, number]> {
  const handed = new Map<string, readonly [string, string, number]>();
  audience.flush(9, ({ id }, { all, essential, messages }) => {
    handed.set(id, [words(all), words(essential), messages]);
  });
  return handed;
}

function words(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return text.startsWith('[')
    ? text
    : [...text.matchAll(/"data":"(\w+)"/g)].map(([, w]) => w).join(' ');
}

describe('The audience of a room', () => {
  it('is handed everything in its order, and what is left where presence is dropped', () => {
    const audience = new Audience(() => 'dev');
    audience.join(member('a'));
    audience.tell(frame('hello'), 'message', null);
    audience.tell(frame('ann'), 'presence', null);
    audience.tell(frame('bye'), 'message', null);
    expect(flush(audience)).toEqual(new Map([['a', ['hello ann bye', 'hello bye', 2]]]));
    expect(flush(audience)).toEqual(new Map());
  });

  it('is handed the very same bytes, each member', () => {
    const audience = new Audience(() => 'dev');
    for (const id of ['a', 'b']) audience.join(member(id));
    audience.tell(frame('hello'), 'message', null);
    const all: Buffer[] = [];
    audience.flush(1, (_, bytes) => all.push(bytes.all));
    expect(all).toHaveLength(2);
    expect(all[0]).toBe(all[1]);
  });

  it('is handed another frame, or none, where one stands in its place for a person', () => {
    const audience = new Audience(() => 'dev');
    for (const id of ['a', 'b', 'c']) audience.join(member(id));
    const inPlace = new Map([
      ['a', frame('others')],
      ['b', null],
    ]);
    audience.tell(frame('hello'), 'message', null);
    audience.tell(frame('everybody'), 'presence', null, inPlace);
    expect(flush(audience)).toEqual(
      new Map([
        ['a', ['hello others', 'hello', 1]],
        ['b', ['hello', 'hello', 1]],
        ['c', ['hello everybody', 'hello', 1]],
      ]),
    );
  });

  it('may have members with words of their own, who are asked once, with the head and who said it', () => {
    const audience = new Audience(() => 'dev');
    const author = new OwnWords(
      ...(['o', identityOf('o'), '::1', OWN_WORDS, new HandChannel(), false] as const),
      () => undefined,
    );
    const other = new OwnWords(
      ...(['p', identityOf('p'), '::1', OWN_WORDS, new HandChannel(), false] as const),
      () => undefined,
    );
    for (const one of [author, other]) audience.join(one);
    audience.tell(frame('hello'), 'message', 'o');
    expect(flush(audience)).toEqual(
      new Map([
        ['o', ['[in its own words]', '[in its own words]', 0]],
        ['p', ['hello', 'hello', 1]],
      ]),
    );
    expect(author.asked).toMatchObject([{ room: 'dev', head: 9, said: true }]);
    expect(other.asked).toMatchObject([{ room: 'dev', head: 9, said: false }]);
  });

  it('is handed presence that waits, and of the messages those that come later, where it comes between', () => {
    const audience = new Audience(() => 'dev');
    audience.join(member('a'));
    audience.tell(frame('ann'), 'presence', null);
    audience.tell(frame('hello'), 'message', null);
    audience.join(member('b'));
    audience.tell(frame('bye'), 'message', null);
    audience.join(member('c'));
    expect(audience.size).toBe(3);
    expect(flush(audience)).toEqual(
      new Map([
        ['a', ['ann hello bye', 'hello bye', 2]],
        ['b', ['ann bye', 'bye', 1]],
        ['c', ['ann', '', 0]],
      ]),
    );
    audience.tell(frame('again'), 'message', null);
    expect([...flush(audience).values()]).toEqual(['a', 'b', 'c'].map(() => ['again', 'again', 1]));
  });

  it('is handed the messages that wait when it is taken out, and then nothing', () => {
    const audience = new Audience(() => 'dev');
    const [early, late] = ['a', 'b'].map(member);
    if (early === undefined || late === undefined) throw new Error('not made');
    audience.join(early);
    audience.tell(frame('hello'), 'message', null);
    audience.join(late);
    audience.tell(frame('ann'), 'presence', null);
    audience.tell(frame('bye'), 'message', null);
    const handed: string[] = [];
    for (const one of [early, late, early]) {
      audience.takeOut(one, 9, ({ id }, { all }) => handed.push(`${id}: ${words(all)}`));
    }
    expect([handed, audience.size]).toEqual([['a: hello bye', 'b: bye'], 0]);
    expect(flush(audience)).toEqual(new Map());
  });

  it('may be left by who came between, while it is being handed something', () => {
    const audience = new Audience(() => 'dev');
    audience.tell(frame('nobody hears it'), 'message', null);
    audience.join(member('a'));
    audience.tell(frame('hello'), 'message', null);
    const [late] = ['b'].map(member);
    if (late === undefined) throw new Error('not made');
    audience.join(late);
    audience.tell(frame('bye'), 'message', null);
    audience.flush(1, (one) => {
      if (one.id === 'b') audience.leave(one);
    });
    expect([audience.size, [...audience.members()].map(({ id }) => id)]).toEqual([1, ['a']]);
  });

  it('may be left while it is being handed something', () => {
    const audience = new Audience(() => 'dev');
    const members = ['a', 'b', 'c'].map(member);
    for (const one of members) audience.join(one);
    audience.tell(frame('hello'), 'message', null);
    const handed: string[] = [];
    audience.flush(1, ({ id }) => {
      handed.push(id);
      for (const one of members.filter((each) => each.id === 'b')) audience.leave(one);
    });
    expect([handed, audience.size]).toEqual([['a', 'c'], 2]);
  });
});
