import {
  type Conversation,
  type DirectSummary,
  directWith,
  LOBBY,
  partnerOf,
  RestError,
  SessionOver,
} from '@parley/client';
import { signal } from '@preact/signals';
import { isSameName } from '../people/people.js';

/** Private conversations that the list shows. */
export const MOST_DIRECTS = 100;

/** The private conversations of a person, latest first. */
export class Directs {
  readonly list = signal<readonly Conversation[]>([]);
  /** How far the service's list is; the conversations that came otherwise are there before. */
  readonly state = signal<'loading' | 'known' | 'failed'>('loading');

  constructor(private readonly fetchList: () => Promise<readonly DirectSummary[]>) {}

  /** @returns what the service told; empty where it could not be asked */
  async load(): Promise<readonly DirectSummary[]> {
    if (this.state.value === 'failed') this.state.value = 'loading';
    try {
      const items = await this.fetchList();
      const listed = items.map(({ user }) => directWith(user.username));
      const others = this.list.value.filter((one) => !listed.includes(one));
      this.list.value = [...others, ...listed];
      this.state.value = 'known';
      return items;
    } catch (error) {
      // The next connection asks again; the end of the session is told by the client.
      if (!(error instanceof RestError) && !(error instanceof SessionOver)) throw error;
      if (this.state.value === 'loading') this.state.value = 'failed';
      return [];
    }
  }

  /** Puts a conversation at the top. */
  raise(conversation: Conversation): void {
    if (partnerOf(conversation) === null || this.list.value[0] === conversation) return;
    const others = this.list.value.filter((one) => one !== conversation);
    this.list.value = [conversation, ...others].slice(0, MOST_DIRECTS);
  }

  /** @returns the name as it is listed; null where there is no conversation with them */
  spelling(username: string): string | null {
    const names = this.list.value.map((one) => partnerOf(one) ?? '');
    return names.find((name) => isSameName(name, username)) ?? null;
  }

  /** Makes one of those that turned out to be the same. */
  unify(named: (conversation: Conversation) => Conversation): void {
    const unified = [...new Set(this.list.value.map(named))].filter((one) => one !== LOBBY);
    const isOther = unified.some((one, index) => one !== this.list.value[index]);
    if (isOther || unified.length < this.list.value.length) this.list.value = unified;
  }
}
