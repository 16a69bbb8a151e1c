import { EventLog } from '../../../src/chat/log/event-log.js';
import { directKey, roomKey } from '../../../src/chat/conversations/key.js';
import { LOBBY } from '../../../src/chat/conversations/lobby.js';
import type { Draft } from '../../../src/chat/log/event.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import type { Person } from '../../../src/kernel/person.js';
import type { RunningApp } from '../../support/app.js';
import type { Place, Tokens } from '../../support/people.js';

const BATCH = 1_000;
const ids = new UlidFactory();

/** Stores texts as if the author had said them, in the lobby or to somebody. */
export async function store(
  { app }: RunningApp,
  author: Person,
  texts: readonly string[],
  to: Person | null = null,
): Promise<void> {
  const messages = app.get(EventLog, { strict: false });
  const conversation = to === null ? roomKey(LOBBY) : directKey(author.id, to.id);
  const drafts = texts.map((text): Draft => {
    const time = Date.now();
    const said = { kind: 'message', target: null, body: text, counts: true, ref: null };
    return { conversation, id: ids.next(time), time, author, to, ...said };
  });
  for (let at = 0; at < drafts.length; at += BATCH) {
    await messages.append(drafts.slice(at, at + BATCH));
  }
}

/** `count` texts, each another. */
export function texts(count: number, filler = ''): readonly string[] {
  return Array.from({ length: count }, (_, i) => `message ${String(i + 1)}${filler}`);
}

export async function get(place: Place, path: string, reader?: Tokens): Promise<Response> {
  return await fetch(place.url + path, {
    headers: reader === undefined ? {} : { authorization: `Bearer ${reader.access_token}` },
  });
}

/** The answer's status and what it says to programs. */
export async function problem(
  response: Response,
): Promise<{ status: number; code: unknown; field: unknown }> {
  const { code, field } = (await response.json()) as { code: unknown; field?: unknown };
  return { status: response.status, code, field };
}
