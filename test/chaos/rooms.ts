/** A room of a run, beside the lobby. */
export interface ChaosRoom {
  readonly name: string;
  readonly kind: 'public' | 'private';
  readonly history: 'all' | 'joined';
}

export const ROOMS: readonly ChaosRoom[] = [
  { name: 'market', kind: 'public', history: 'all' },
  { name: 'stage', kind: 'public', history: 'joined' },
  { name: 'den', kind: 'private', history: 'all' },
  { name: 'vault', kind: 'private', history: 'joined' },
];

const NAMES: ReadonlySet<string> = new Set(ROOMS.map(({ name }) => name));

/** Whether a conversation is one that people come into and go from. */
export function isRoom(conversation: string): boolean {
  return NAMES.has(conversation);
}
