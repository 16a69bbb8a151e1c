import type { Place, Tokens } from './people.js';

/** A conversation as the list of them has it. */
export interface Listed {
  readonly room?: string;
  readonly user?: { readonly id: string; readonly username: string };
  readonly seq: number;
  readonly n: number;
  readonly read: number;
  readonly unread: number;
  readonly last: { readonly data: string; readonly seq: number } | null;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** What somebody asks over HTTP of what is read. */
export interface ReadingApi {
  /** All conversations by name, in their order. @param limit of a page */
  conversations(limit?: number): Promise<ReadonlyMap<string, Listed>>;
  readers(seq: number): Promise<readonly { readonly username: string; readonly seq: number }[]>;
  put(path: string, body: object): Promise<unknown>;
}

/** @returns calls that throw where the answer is no success */
export function api(place: Place, tokens: Tokens): ReadingApi {
  const call = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const response = await fetch(place.url + path, {
      method,
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${String(response.status)}`);
    return (await response.json()) as Body;
  };
  return {
    conversations: async (limit = 200) => {
      const found = new Map<string, Listed>();
      let after = '';
      for (;;) {
        const query = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
        const path = `/conversations?limit=${String(limit)}${query}`;
        const page = await call<Page<Listed>>('GET', path);
        for (const one of page.items) found.set(one.room ?? `@${one.user?.username ?? ''}`, one);
        if (page.next === null) return found;
        after = page.next;
      }
    },
    readers: async (seq) => {
      const path = `/rooms/lobby/messages/${String(seq)}/readers`;
      return (await call<Page<{ username: string; seq: number }>>('GET', path)).items;
    },
    put: (path, body) => call('PUT', path, body),
  };
}
