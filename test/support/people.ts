import { type ChatSocket, connect } from './ws-client.js';

/** The service's answer to a log-in. */
export interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly user: { readonly id: string; readonly username: string };
}

/** The address of the service: {@link Service} and {@link RunningApp} have one. */
export interface Place {
  readonly url: string;
  readonly wsUrl: string;
}

/** A person with a welcomed connection. */
export interface Member {
  readonly tokens: Tokens;
  readonly socket: ChatSocket;
}

export const PASSWORD = 'correct horse battery';

export async function register(
  place: Place,
  username: string,
  password = PASSWORD,
): Promise<Tokens> {
  return (await post(place, '/auth/register', { username, password })) as Tokens;
}

export async function login(place: Place, username: string, password = PASSWORD): Promise<Tokens> {
  return (await post(place, '/auth/login', { username, password })) as Tokens;
}

/** @param username without it the service picks one */
export async function guest(place: Place, username?: string): Promise<Tokens> {
  return (await post(place, '/auth/guest', username === undefined ? {} : { username })) as Tokens;
}

export async function refresh(place: Place, refreshToken: string): Promise<Tokens> {
  return (await post(place, '/auth/refresh', { refresh_token: refreshToken })) as Tokens;
}

export async function logout(place: Place, token: string): Promise<void> {
  await post(place, '/auth/logout', undefined, token);
}

/** A one-time ticket for opening a socket. */
export async function buyTicket(place: Place, token: string): Promise<string> {
  const { ticket } = (await post(place, '/auth/ticket', undefined, token)) as { ticket: string };
  return ticket;
}

/** Opens another connection of somebody and waits for the welcome. */
export async function join(place: Place, tokens: Tokens): Promise<ChatSocket> {
  const socket = await connect(place.wsUrl, { token: tokens.access_token });
  await socket.next({ type: 2, user: null });
  return socket;
}

/** A new guest of that name with one open connection. */
export async function enter(place: Place, username: string): Promise<Member> {
  const tokens = await guest(place, username);
  return { tokens, socket: await join(place, tokens) };
}

/** @throws Error with status and body unless the answer is a success */
async function post(place: Place, path: string, body?: object, token?: string): Promise<unknown> {
  const response = await fetch(place.url + path, {
    method: 'POST',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
