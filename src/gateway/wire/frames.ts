import type { GroupListFrame, ListedPerson, ServerFrame } from '@parley/protocol';

/** The list of people before a format writes it: the native one makes text of `data`. */
export interface PeopleFrame extends Omit<GroupListFrame, 'data'> {
  readonly data: readonly ListedPerson[];
}

/** Everything that the service says to a client, before it is encoded for a transport. */
export type OutgoingFrame = Exclude<ServerFrame, GroupListFrame> | PeopleFrame;
