import { FrameType } from '@parley/protocol';

/**
 * A message as Parley would deliver it, built by its author: for servers that pass messages on
 * unchanged.
 */
export function ownEvent(name: string, data: string): string {
  return JSON.stringify({
    type: FrameType.GroupChat,
    user: { id: `01JC${name.padStart(22, '0')}`, username: name },
    data,
    room: 'lobby',
    id: `01JD${'0'.repeat(22)}`,
    seq: 10_000,
    time: Date.now(),
  });
}
