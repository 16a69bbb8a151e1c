import type {
  DeletionFrame,
  EditFrame,
  MessageFrame,
  PinFrame,
  ReactionFrame,
} from '@parley/protocol';

/** An entry that changes an earlier message. It carries the state after it. */
export type ChangeFrame = EditFrame | DeletionFrame | ReactionFrame | PinFrame;

/** A message as a page gives it: as it is at present, with what people reacted. */
export type PresentFrame = MessageFrame & {
  readonly reactions?: readonly {
    readonly key: string;
    readonly count: number;
    readonly me: boolean;
  }[];
};

/** The numbers of what a frame deletes, both ends included. */
export function targetsOf({ target }: DeletionFrame): readonly [low: number, high: number] {
  return typeof target === 'number' ? [target, target] : target;
}

/** Where something is said: a frame, or a message as it is shown. */
interface SaidIn {
  readonly thread?: MessageFrame['thread'] | null;
  readonly also?: boolean;
}

/** Whether it stands in a thread and not in the conversation: then it is not counted as unread. */
export function isInThreadOnly({ thread, also }: SaidIn): boolean {
  return typeof thread === 'number' && also !== true;
}
