import { FrameType } from '@parley/protocol';
import type { Moved } from '../../../chat/rooms/arrivals.js';
import type { Connection } from '../../connections/connection.js';

/** Tells whoever asked for it at which number it took place. */
export function acknowledge(
  connection: Connection,
  ref: string | null,
  { room, receipt: { id, seq, time } }: Moved,
): void {
  if (ref === null) return;
  connection.send({ type: FrameType.Ack, ref, room: room.name, id, seq, time });
}
