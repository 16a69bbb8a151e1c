import type { GroupListFrame, ListedPerson, ServerFrame } from '@parley/protocol';

/** The list of people before encoding: the native format turns `data` into text. */
export interface PeopleFrame extends Omit<GroupListFrame, 'data'> {
  readonly data: readonly ListedPerson[];
}

/** Every frame of the service, before it is encoded for a transport. */
export type OutgoingFrame = Exclude<ServerFrame, GroupListFrame> | PeopleFrame;
