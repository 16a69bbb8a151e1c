import type { Command } from '../../codec/command.js';
import { decodeJson } from '../../codec/json-decoder.js';
import type { WireFormat } from '../../codec/wire-format.js';
import { FrameType, type ServerFrame } from '../../frames.js';
import { frameText } from './framing.js';

/** JSON text frames on a native WebSocket. */
export class NativeFormat implements WireFormat {
  readonly wire = 'websocket';
  readonly echoes = true;

  constructor(private readonly jsonDepth: number) {}

  encode(frame: ServerFrame): Buffer {
    return frameText(JSON.stringify(toNative(frame)));
  }

  decode(text: string): Command {
    return decodeJson(text, this.jsonDepth);
  }
}

/** Existing clients parse the list out of a string. */
function toNative(frame: ServerFrame): object {
  if (frame.type !== FrameType.GroupList) return frame;
  return { ...frame, data: JSON.stringify(frame.data) };
}
