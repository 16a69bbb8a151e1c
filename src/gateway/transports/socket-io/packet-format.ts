import { type EntryFrame, FrameType } from '@parley/protocol';
import { Refusal } from '../../../kernel/refusal.js';
import type { Command } from '../../wire/command.js';
import { readFields } from '../../wire/json-decoder.js';
import { ListTexts } from '../../wire/list-texts.js';
import { readWithRef } from '../../wire/unreadable-frame.js';
import type { WireFormat } from '../../wire/wire-format.js';
import { roomField } from './offset.js';
import type { OutgoingFrame, PeopleFrame } from '../../wire/frames.js';
import { frameText } from '../../wire/framing.js';

/** Engine.IO's `message` and Socket.IO's `EVENT` and `ACK`, as they stand in front of the JSON. */
const EVENT_MARK = '42';
const ACK_MARK = '43';
/** `2`, the id of the acknowledgement if one is wanted, and the JSON array. */
const EVENT = /^2(\d{0,15})(?=\[)/;
/** `5`, the number of attachments, and the same. */
const BINARY_EVENT = /^5\d{1,3}-(\d{1,15})(?=\[)/;
/** Separates packets of long polling; no JSON contains it. */
const SEPARATOR = '\u001e';
const BINARY = /^(?:[56]|$)/;
const TYPE = /^\d{1,3}$/;

/** A client's event: a command, and the number of the callback that waits for its answer. */
export interface ClientEvent {
  readonly command: Command;
  readonly ackId: number | null;
}

/**
 * Socket.IO events named by the frames' type numbers, as WebSocket frames of Engine.IO packets. A
 * room's entry carries its number as an offset, `["2",{…},"151=lobby"]`; a private one an empty
 * offset, which the connection fills in.
 */
export class PacketFormat implements WireFormat {
  readonly wire = 'socket.io';
  /** Existing clients of this kind show their own messages by themselves. */
  readonly echoes = false;
  private readonly lists = new ListTexts(listText);

  constructor(private readonly jsonDepth: number) {}

  encode(frame: OutgoingFrame): Buffer {
    return frameText(`${EVENT_MARK}["${frame.type}",${this.textOf(frame)}${offsetOf(frame)}]`);
  }

  /** The list, as the answer to that callback. */
  encodeListAck(ackId: number, { ref: _ref, ...list }: PeopleFrame): Buffer {
    return frameText(`${ACK_MARK}${ackId}[${this.lists.of(list)}]`);
  }

  private textOf(frame: OutgoingFrame): string {
    if (frame.type === FrameType.GroupList) return this.lists.of(frame);
    const { type: _type, ...fields } = frame;
    return JSON.stringify(fields);
  }

  /** @throws Refusal where the text is no event */
  decode(text: string): Command {
    return this.read(text).command;
  }

  /** @throws Refusal where the text is no event; UnreadableFrame where its payload was parsed */
  read(text: string): ClientEvent {
    if (BINARY.test(text)) throw new Refusal('not-text');
    const head = EVENT.exec(text);
    if (head === null) throw new Refusal('bad-json');
    const [name, payload, ...more] = parseArray(text.slice(head[0].length));
    const fields = objectOf(payload);
    return readWithRef(fields, () => {
      const type = typeof name === 'string' && TYPE.test(name) ? Number(name) : name;
      if (typeof type !== 'number') throw new Refusal('unknown-type', { field: 'type' });
      if (more.length > 0) throw new Refusal('unknown-field');
      const body = readFields(fields, this.jsonDepth);
      return { command: { type, body }, ackId: head[1] ? Number(head[1]) : null };
    });
  }
}

/** The number of the waiting callback, even where the rest of the packet is malformed. */
export function ackIdOf(text: string): number | null {
  const digits = (EVENT.exec(text) ?? BINARY_EVENT.exec(text))?.[1];
  return digits ? Number(digits) : null;
}

/** An answer to that callback. */
export function encodeAck(ackId: number, answer: object): Buffer {
  return frameText(`${ACK_MARK}${ackId}[${JSON.stringify(answer)}]`);
}

/** Tells the client its position, apart from any message. */
export function encodeOffset(offset: string): Buffer {
  return frameText(`${EVENT_MARK}["offset","${offset}"]`);
}

/** Appends to a message's offset. @param bytes one encoded message */
export function extendOffset(bytes: Buffer, more: string): Buffer {
  if (more === '') return bytes;
  const text = bytes.toString('utf8', payloadStart(bytes));
  return frameText(`${text.slice(0, -2)}${more}"]`);
}

/** Encoded frames joined for long polling: the text of one answer. */
export function payloadOf(batches: Iterable<Buffer>): string {
  const texts: string[] = [];
  for (const bytes of batches) texts.push(...textsOf(bytes));
  return texts.join(SEPARATOR);
}

function* textsOf(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length;) {
    const start = at + payloadStart(bytes.subarray(at));
    const end = start + payloadLength(bytes.subarray(at));
    yield bytes.toString('utf8', start, end);
    at = end;
  }
}

/** An array, unlike in native frames, where it is text. */
function listText({ type: _type, ...fields }: PeopleFrame): string {
  return JSON.stringify(fields);
}

function offsetOf(frame: OutgoingFrame): string {
  if (!isEntry(frame)) return '';
  return 'room' in frame ? `,"${roomField(frame.room, frame.seq)}"` : ',""';
}

/** Whether a frame is an entry of a conversation's log. */
export function isEntry(frame: OutgoingFrame): frame is EntryFrame {
  return 'seq' in frame && frame.type !== FrameType.Ack;
}

function payloadStart(frame: Buffer): number {
  const length = frame[1] ?? 0;
  return length < 126 ? 2 : length === 126 ? 4 : 10;
}

function payloadLength(frame: Buffer): number {
  const length = frame[1] ?? 0;
  if (length < 126) return length;
  return length === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
}

function parseArray(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('bad-json');
  }
  return Array.isArray(value) ? value : [];
}

function objectOf(payload: unknown): Record<string, unknown> {
  if (payload === undefined || payload === null) return {};
  if (typeof payload !== 'object' || Array.isArray(payload)) throw new Refusal('bad-json');
  return payload as Record<string, unknown>;
}
