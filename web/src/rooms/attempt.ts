import { RestError, SessionOver } from '@parley/client';
import { useState } from 'preact/hooks';
import { whyNot } from '../language/refusals.js';
import { roomTexts } from '../language/rooms.js';

interface Attempt {
  /** Why the last one failed; empty: it did not. */
  readonly failure: string;
  readonly isBusy: boolean;
  /** Does it unless another is under way. */
  readonly attempt: (task: () => Promise<void>) => void;
}

/** Something that is asked of the service, one at a time. */
export function useAttempt(): Attempt {
  const [failure, setFailure] = useState('');
  const [isBusy, setBusy] = useState(false);
  const run = async (task: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure('');
    try {
      await task();
    } catch (error) {
      // The end of the session is told by the client.
      if (error instanceof RestError) setFailure(whyNot(error.code, roomTexts.value.refusals));
      else if (!(error instanceof SessionOver)) throw error;
    } finally {
      setBusy(false);
    }
  };
  const attempt = (task: () => Promise<void>): void => {
    if (!isBusy) void run(task);
  };
  return { failure, isBusy, attempt };
}
