import type { INestApplication } from '@nestjs/common';
import { directKey } from '../../src/chat/conversations/key.js';
import { LOBBY_KEY } from '../../src/chat/conversations/lobby.js';
import { Journal } from '../../src/chat/log/journal.js';
import { UlidFactory } from '../../src/kernel/ids.js';
import type { Person } from '../../src/kernel/person.js';

const ids = new UlidFactory();

/** Writes what a later version may write: an event of a kind unknown to this one. */
export async function wave(
  { app }: { readonly app: INestApplication },
  author: Person,
  to: Person | null = null,
): Promise<void> {
  const conversation = to === null ? LOBBY_KEY : directKey(author.id, to.id);
  const time = Date.now();
  const body = { kind: 'wave', target: null, body: '{"hand":"left"}', counts: false };
  const place = { conversation, id: ids.next(time), time, author, to, ref: null };
  await app.get(Journal, { strict: false }).write({ ...place, ...body }, '');
}
