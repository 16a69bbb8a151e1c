import type { MemberFrame, Person } from '@parley/protocol';
import { type Conversation, pathOf } from './conversation.js';
import type { PresentFrame } from './message-changes.js';

/** The answer of register, login, guest and refresh, in the names of RFC 6749. */
export interface Tokens {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly user: Person;
}

export interface Ticket {
  readonly ticket: string;
  /** Seconds. */
  readonly expires_in: number;
}

export interface PageQuery {
  /** Only messages below this number, the newest of them. */
  readonly before?: number;
  /** Only messages above this number, the oldest of them. */
  readonly after?: number;
  readonly limit?: number;
}

export interface HistoryPage {
  /** Ascending by `seq`. */
  readonly items: readonly PresentFrame[];
  /** The highest number of the conversation. */
  readonly head: number;
  /**
   * Up to where the page reaches, even where its last numbers show nothing; null: to the head.
   * Older services, whose logs hold messages only, omit it.
   */
  readonly next_after?: number | null;
}

/** A private conversation in the list of them. */
export interface DirectSummary {
  readonly user: Person;
  readonly seq: number;
  /** Up to where some device of the person has received it. */
  readonly delivered: number;
  readonly time: number;
}

export interface DirectsPage {
  /** Latest first. */
  readonly items: readonly DirectSummary[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** A conversation in the list of them: a room, or the private one with `user`. */
export interface ConversationSummary {
  readonly room?: string;
  readonly user?: Person;
  /** What a room is called for people; null where its name has to do. */
  readonly title: string | null;
  /** The highest number. */
  readonly seq: number;
  /** How many of its entries count as unread to a person. */
  readonly n: number;
  /** The last number that was read. */
  readonly read: number;
  readonly unread: number;
  readonly mentions: number;
  /** What the person wants to be told of it. */
  readonly level: 'all' | 'mentions' | 'none';
  /** Until when devices are silent (ms since the epoch); null: they are not. */
  readonly muted_until: number | null;
  /** The last message; null where there is none, or the last entry is something else. */
  readonly last: {
    readonly user: Person;
    readonly data: string;
    /** How many files it has; none unless given. */
    readonly attachments?: number;
    readonly seq: number;
    readonly time: number;
  } | null;
  readonly me: { readonly role: MemberFrame['data']['role']; readonly may: readonly string[] };
}

export interface ConversationsPage {
  /** Latest first. */
  readonly items: readonly ConversationSummary[];
  /** Give it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface PresentPerson extends Person {
  readonly connections: number;
  readonly since: number;
}

export interface PresencePage {
  readonly items: readonly PresentPerson[];
  readonly total: number;
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export const EXPORT_FORMATS = ['txt', 'csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A refusal of the service (RFC 9457); or it could not be reached: `status` is 0 then. */
export class RestError extends Error {
  override readonly name = 'RestError';

  constructor(
    readonly status: number,
    /** Stable, for programs. `unreachable` where there was no answer. */
    readonly code: string,
    readonly field: string | null,
    /** Milliseconds after which a retry makes sense, 0 where the answer names none. */
    readonly retryAfter: number,
  ) {
    super(code);
  }

  /** The tokens sent are not (or no longer) valid. */
  get unauthorized(): boolean {
    return this.status === 401;
  }
}

/** How people may log in here. */
export interface EntryOptions {
  readonly registration: boolean;
  readonly guests: boolean;
  /** Code points. */
  readonly username: { readonly max: number };
  readonly password: { readonly min: number; readonly max: number };
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const TIMEOUT_MS = 15_000;

/** The REST side of the service. Every call rejects with a {@link RestError} only. */
export class RestClient {
  /** @param base like `https://chat.example.org` or `https://example.org/parley` */
  constructor(
    readonly base: string,
    private readonly fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis),
  ) {}

  /** The same client, whose calls fail with `unreachable` when the signal aborts. */
  until(signal: AbortSignal): RestClient {
    return new RestClient(this.base, (resource, init) => {
      const signals = [signal, init?.signal].filter((one) => one instanceof AbortSignal);
      return this.fetch(resource, { ...init, signal: AbortSignal.any(signals) });
    });
  }

  /** What the service's settings allow, for a form that offers nothing else. */
  entryOptions(): Promise<EntryOptions> {
    return this.call('GET', '/auth/options', null);
  }

  register(username: string, password: string): Promise<Tokens> {
    return this.call('POST', '/auth/register', null, { username, password });
  }

  login(username: string, password: string): Promise<Tokens> {
    return this.call('POST', '/auth/login', null, { username, password });
  }

  /** @param username undefined: the service picks a name */
  guest(username?: string): Promise<Tokens> {
    return this.call('POST', '/auth/guest', null, username === undefined ? {} : { username });
  }

  refresh(refreshToken: string): Promise<Tokens> {
    return this.call('POST', '/auth/refresh', null, { refresh_token: refreshToken });
  }

  async logout(accessToken: string): Promise<void> {
    await this.request('POST', '/auth/logout', accessToken, {});
  }

  ticket(accessToken: string): Promise<Ticket> {
    return this.call('POST', '/auth/ticket', accessToken, {});
  }

  me(accessToken: string): Promise<Person> {
    return this.call('GET', '/auth/me', accessToken);
  }

  page(accessToken: string, conversation: Conversation, query: PageQuery): Promise<HistoryPage> {
    return this.call(
      'GET',
      `${pathOf(conversation)}/messages${queryText({ ...query })}`,
      accessToken,
    );
  }

  message(accessToken: string, conversation: Conversation, seq: number): Promise<PresentFrame> {
    return this.call('GET', `${pathOf(conversation)}/messages/${String(seq)}`, accessToken);
  }

  directs(accessToken: string, limit: number, after?: string): Promise<DirectsPage> {
    return this.call('GET', `/direct${queryText({ limit, after })}`, accessToken);
  }

  conversations(accessToken: string, limit: number, after?: string): Promise<ConversationsPage> {
    return this.call('GET', `/conversations${queryText({ limit, after })}`, accessToken);
  }

  presence(accessToken: string, limit: number, after?: string): Promise<PresencePage> {
    return this.call('GET', `/presence${queryText({ limit, after })}`, accessToken);
  }

  /** For a request with `Authorization: Bearer`; the answer is a stream of any length. */
  exportUrl(conversation: Conversation, format: ExportFormat): string {
    return `${this.base}${pathOf(conversation)}/export${queryText({ format })}`;
  }

  /** A call of any kind, for those who know of more than this class. */
  async call<Answer>(
    method: Method,
    path: string,
    accessToken: string | null,
    body?: object,
  ): Promise<Answer> {
    const response = await this.request(method, path, accessToken, body);
    try {
      return (await response.json()) as Answer;
    } catch {
      throw new RestError(response.status, 'unreachable', null, 0);
    }
  }

  /** A request whose body, or whose answer, is no JSON. @param address a path of the service, or a URL */
  async transfer(address: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      const url = new URL(address, this.base);
      response = await this.fetch(url.href, { credentials: 'omit', ...init });
    } catch {
      throw new RestError(0, 'unreachable', null, 0);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** The same, where the answer has no body. */
  async request(
    method: Method,
    path: string,
    accessToken: string | null,
    body?: object,
  ): Promise<Response> {
    let response: Response;
    try {
      response = await this.fetch(`${this.base}${path}`, {
        method,
        headers: headersOf(accessToken, body),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        credentials: 'omit',
      });
    } catch {
      throw new RestError(0, 'unreachable', null, 0);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

/** Reads the problem details of an answer that is no success. */
export async function problemOf(response: Response): Promise<RestError> {
  let problem: { code?: unknown; field?: unknown; retry_after?: unknown } = {};
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null) problem = body;
  } catch {
    problem = {};
  }
  const header = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
  const retryAfter = typeof problem.retry_after === 'number' ? problem.retry_after : header;
  return new RestError(
    response.status,
    typeof problem.code === 'string' ? problem.code : 'internal',
    typeof problem.field === 'string' ? problem.field : null,
    Number.isFinite(retryAfter) ? retryAfter : 0,
  );
}

function headersOf(accessToken: string | null, body: object | undefined): Record<string, string> {
  return {
    ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

/** @returns a query with its `?`, or nothing */
export function queryText(
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
