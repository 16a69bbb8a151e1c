import type { RefusalCode } from '@parley/protocol';
import { Refusal, type RefusalDetails } from '../../kernel/refusal.js';

/** A frame was refused while being parsed, far enough along for its `ref` to be known. */
export class UnreadableFrame extends Refusal {
  constructor(
    code: RefusalCode,
    details: RefusalDetails,
    /** Null where the frame had none, or an invalid one. */
    readonly ref: string | null,
  ) {
    super(code, details);
  }
}

/**
 * Reads a frame whose JSON is parsed already.
 * @param frame where to find its ref
 * @throws UnreadableFrame where `read` throws a Refusal
 */
export function readWithRef<Result>(
  frame: Readonly<Record<string, unknown>>,
  read: () => Result,
): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new UnreadableFrame(error.code, error.details, refOf(frame));
  }
}

/** The ref of a frame that may itself be invalid. */
export function refOf(body: Readonly<Record<string, unknown>>): string | null {
  const ref = body['ref'];
  return typeof ref === 'string' && ref.length >= 1 && ref.length <= 64 ? ref : null;
}
