import { MessageCalls, RestError, SessionOver } from '@parley/client';
import { messageTexts } from '../language/messages.js';
import { whyNot } from '../language/refusals.js';
import type { Ask } from './ask.js';

/** @returns why it was refused, for people; null: it was done */
export async function perform(
  ask: Ask,
  act: (calls: MessageCalls) => Promise<unknown>,
): Promise<string | null> {
  try {
    await ask((rest, token) => act(new MessageCalls(rest, token)));
    return null;
  } catch (error) {
    // The end of the session is told by the client.
    if (error instanceof SessionOver) return null;
    if (error instanceof RestError) return whyNot(error.code, messageTexts.value.refusals);
    throw error;
  }
}
