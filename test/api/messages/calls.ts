import type { Place, Tokens } from '../../support/people.js';
import type { AnyClient, SentFrame } from '../../support/ways-in.js';
import type { Frame } from '../../support/ws-client.js';

/** A client of any transport, as far as these tests need it. */
export type Asking = Pick<AnyClient, 'send' | 'next'>;

let refs = 0;

/** Sends a frame with a ref of its own. @returns the Ack, or the Reject */
export async function ask(socket: Asking, frame: SentFrame): Promise<Frame> {
  const ref = `ref ${String(++refs)}`;
  socket.send({ ref, ...frame });
  const wanted = frame['ref'] ?? ref;
  return await socket.next((one) => one.ref === wanted && (one.type === 6 || one.type === 7));
}

/** The number of the event that a frame brought about. */
export async function done(socket: Asking, frame: SentFrame): Promise<number> {
  const answer = await ask(socket, frame);
  if (answer.type !== 6) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.seq ?? 0;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function call(
  place: Place,
  { access_token }: Tokens,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(place.url + path, {
    method,
    headers: {
      authorization: `Bearer ${access_token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export type Item = Frame & Readonly<Record<string, unknown>>;

/** The messages of a page. */
export async function items(place: Place, tokens: Tokens, path: string): Promise<readonly Item[]> {
  const { status, body } = await call(place, tokens, 'GET', path);
  if (status !== 200) throw new Error(`GET ${path} answered ${String(status)}`);
  return body['items'] as readonly Item[];
}
