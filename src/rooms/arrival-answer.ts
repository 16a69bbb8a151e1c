import type { Arrived } from '../chat/rooms/membership.service.js';
import { type RoomItem, roomItem } from './room-item.js';

/** Where and when somebody came into a room. */
export interface ArrivalAnswer {
  readonly id: string;
  readonly seq: number;
  readonly time: number;
  readonly room: RoomItem;
}

export function arrivalAnswer({ receipt, ...place }: Arrived): ArrivalAnswer {
  const { id, seq, time } = receipt;
  return { id, seq, time, room: roomItem(place) };
}
