import { FrameType } from '@parley/protocol';
import type { Command } from '../../wire/command.js';
import { decodeJson } from '../../wire/json-decoder.js';
import { ListTexts } from '../../wire/list-texts.js';
import type { WireFormat } from '../../wire/wire-format.js';
import type { OutgoingFrame, PeopleFrame } from '../../wire/frames.js';
import { frameText } from '../../wire/framing.js';

/** JSON text frames on a native WebSocket. */
export class NativeFormat implements WireFormat {
  readonly wire = 'websocket';
  readonly echoes = true;
  private readonly lists = new ListTexts(listText);

  constructor(private readonly jsonDepth: number) {}

  encode(frame: OutgoingFrame): Buffer {
    const isList = frame.type === FrameType.GroupList;
    return frameText(isList ? this.lists.of(frame) : JSON.stringify(frame));
  }

  decode(text: string): Command {
    return decodeJson(text, this.jsonDepth);
  }
}

/** Existing clients parse the list out of a string. */
function listText(frame: PeopleFrame): string {
  return JSON.stringify({ ...frame, data: JSON.stringify(frame.data) });
}
