import { directKey } from '../../../src/chat/conversations/key.js';
import { LOBBY_KEY } from '../../../src/chat/conversations/lobby.js';
import type { Draft } from '../../../src/chat/log/event.js';
import { Journal } from '../../../src/chat/log/journal.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import type { Person } from '../../../src/kernel/person.js';
import type { RunningApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import type { Place, Tokens } from '../../support/people.js';

export interface Answer {
  readonly items: readonly {
    readonly type: number;
    readonly user: Person;
    readonly data: string;
    readonly seq: number;
    readonly room?: string;
    readonly to?: string;
    readonly highlights: readonly (readonly [number, number])[];
  }[];
  readonly next: string | null;
  readonly indexed: { readonly lag_ms: number };
  readonly partial?: boolean;
}

type Query = Readonly<Record<string, string>>;

const ids = new UlidFactory();

/** Says something, as any transport would. @returns its number */
export async function say(
  { app }: RunningApp,
  author: Person,
  body: string,
  but: Partial<Draft> = {},
): Promise<number> {
  const time = Date.now();
  const receipt = await app.get(Journal, { strict: false }).write(
    {
      ...{ conversation: LOBBY_KEY, id: ids.next(time), time, author, to: null },
      ...{ kind: 'message', target: null, body, counts: true, ref: null, ...but },
    },
    '',
  );
  return receipt.seq;
}

export function whisper(
  place: RunningApp,
  author: Person,
  to: Person,
  text: string,
): Promise<number> {
  return say(place, author, text, { conversation: directKey(author.id, to.id), to });
}

export async function ask(place: Place, reader: Tokens, query: Query): Promise<Response> {
  return fetch(`${place.url}/search?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${reader.access_token}` },
  });
}

/** @throws Error unless it is answered with 200 */
export async function search(place: Place, reader: Tokens, query: Query): Promise<Answer> {
  const response = await ask(place, reader, query);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Says a word of its own in the lobby, and waits until it is found: so is what was said there before. */
export async function untilIndexed(place: RunningApp, reader: Tokens): Promise<void> {
  const word = `mark${ids.next(Date.now())}`;
  const seen: string[] = [];
  await say(place, reader.user, word);
  await until(
    async () => {
      const response = await ask(place, reader, { q: word });
      seen.push(`${response.status}`);
      if (response.status !== 200) return null;
      return ((await response.json()) as Answer).items.length > 0 ? true : null;
    },
    'the index to follow',
    () => seen.slice(-3).join(),
  );
}
