import { expect } from '@jest/globals';
import type { RunningApp } from '../support/app.js';
import type { Tokens } from '../support/people.js';
import type { Frame } from '../support/ws-client.js';
import { close, frame, Opcode, text } from './frames.js';
import { enterByHand } from './handshake.js';
import type { ServedFrame } from './served-frames.js';
import { Wire } from './wire.js';

/** Where the cases are played. */
export interface Stage {
  readonly place: RunningApp;
  readonly port: number;
  /** Who plays them. */
  readonly tokens: Tokens;
  /** All that was to be said in the lobby, in order: what a bystander must have heard. */
  readonly said: string[];
}

/** One expectation of the suite. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: (stage: Stage) => Promise<void>;
}

/** What is sent after the welcome, and the exact answer. */
export interface Exchange {
  /** Each is written as a segment of its own. */
  readonly send: readonly Buffer[];
  /**
   * In order: `ack <ref>`, `reject <code>`, `error <code>`, `pong <hex>`, `close <code>`, `close`
   * where the Close holds no code. Where the last one is no close, the session must go on.
   */
  readonly answers: readonly string[];
  /** What everybody in the lobby hears of it. */
  readonly says?: readonly string[];
}

let count = 0;

/** A text to be said, told apart from every other one; its Ack is `ack <ref>`. */
export function remark(words = 'a remark'): { said: string; ref: string; json: string } {
  const ref = `r${++count}`;
  const said = `${words} ${ref}`;
  return { said, ref, json: JSON.stringify({ type: 2, data: said, ref }) };
}

export function exchange(name: string, { send, answers, says = [] }: Exchange): ConformanceCase {
  return {
    name,
    run: async (stage) => {
      const wire = new Wire(stage.port);
      await enterByHand(wire, stage.tokens.access_token);
      await wire.writeApart(send);
      const came = await listen(wire, { answers, says });
      expect(came).toEqual({ answers, says });
      stage.said.push(...says);
      const isOver = answers.at(-1)?.startsWith('close') ?? false;
      await (isOver ? expectEnd(wire) : leave(wire));
    },
  };
}

/** A case in which the frames, however they are sent, are one remark that is heard and stored. */
export function accepted(
  name: string,
  frames: (json: Buffer) => readonly Buffer[],
  words?: string,
): ConformanceCase {
  const { said, ref, json } = remark(words);
  const send = frames(Buffer.from(json));
  return exchange(name, { send, answers: [`ack ${ref}`], says: [said] });
}

/** A case in which the frames break the protocol. */
export function violation(name: string, code: number, ...send: readonly Buffer[]): ConformanceCase {
  return exchange(name, { send, answers: [`close ${code}`] });
}

/** Shows that the session goes on, and ends it as one should. Nothing else may come meanwhile. */
export async function leave(wire: Wire): Promise<void> {
  const { ref } = remark();
  wire.write(text(JSON.stringify({ type: 1, ref })));
  wire.write(frame({ opcode: Opcode.Ping, payload: ref }));
  const answers = [await nextAnswer(wire), await nextAnswer(wire)];
  expect(answers.sort()).toEqual([`list ${ref}`, `pong ${Buffer.from(ref).toString('hex')}`]);
  wire.write(close(1000));
  expect(await nextAnswer(wire)).toBe('close 1000');
  await expectEnd(wire);
}

/** The service has said goodbye: the client does, too, and the connection ends without a reset. */
export async function expectEnd(wire: Wire): Promise<void> {
  wire.write(close(1000));
  expect(await wire.ended()).toBe('ended');
  expect(await wire.frame()).toBeNull();
  wire.end();
}

/** The next answer to this very connection: presence, and what others say, is passed over. */
export async function nextAnswer(wire: Wire): Promise<string> {
  for (;;) {
    const heard = describeFrame(await wire.frame());
    if (heard !== null && !heard.startsWith('said ')) return heard;
  }
}

async function listen(
  wire: Wire,
  wanted: { readonly answers: readonly string[]; readonly says: readonly string[] },
): Promise<{ answers: string[]; says: string[] }> {
  const answers: string[] = [];
  const says: string[] = [];
  const isShort = (): boolean =>
    answers.length < wanted.answers.length || says.length < wanted.says.length;
  while (isShort() && answers.at(-1) !== 'end') {
    const heard = describeFrame(await wire.frame());
    if (heard === null) continue;
    if (!heard.startsWith('said ')) answers.push(heard);
    else if (wanted.says.includes(heard.slice(5))) says.push(heard.slice(5));
  }
  return { answers, says };
}

/** @returns null for presence and for pings, which come at any time */
function describeFrame(served: ServedFrame | null): string | null {
  if (served === null) return 'end';
  const { opcode, payload } = served;
  if (opcode === Opcode.Ping) return null;
  if (opcode === Opcode.Pong) return `pong ${payload.toString('hex')}`.trim();
  if (opcode === Opcode.Close) {
    return payload.length === 0 ? 'close' : `close ${payload.readUInt16BE(0)}`;
  }
  return describeJson(JSON.parse(payload.toString()) as Frame);
}

function describeJson({ type, ref, code, data }: Frame): string | null {
  switch (type) {
    case 0:
      return `error ${code ?? ''}`;
    case 1:
      return ref === undefined ? null : `list ${ref}`;
    case 2:
      return `said ${String(data)}`;
    case 4:
    case 5:
      return null;
    case 6:
      return `ack ${ref ?? ''}`;
    case 7:
      return `reject ${code ?? ''}`;
    default:
      return `type ${type}`;
  }
}
