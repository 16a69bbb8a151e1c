import { checkText } from '../messages/text-policy.js';
import { TITLE_LENGTH, TOPIC_LENGTH } from './bounds.js';

/**
 * Checks what a room is called for people, and what it is about; null: nothing.
 * @throws Refusal as {@link checkText}
 */
export function checkDescription({
  title = null,
  topic = null,
}: {
  readonly title?: string | null;
  readonly topic?: string | null;
}): void {
  if (title !== null) checkText(title, TITLE_LENGTH, 'title');
  if (topic !== null) checkText(topic, TOPIC_LENGTH, 'topic');
}
