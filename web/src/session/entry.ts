import { keep, type KeptTokens, RestClient, type Tokens, TokenSession } from '@parley/client';
import { signal } from '@preact/signals';
import { forgetAddress, linkedConversation } from '../chat/address-bar.js';
import type { Chat } from '../chat/chat.js';
import { forgetDrafts } from '../chat/drafts.js';
import { forgetOutboxes } from '../chat/kept-outbox.js';
import { baseAddress } from './base.js';
import { BrowserVault, exclusively } from './browser-vault.js';
import { Guest } from './guest.js';

/** Why somebody stands before the login again; null: they just came, or logged out themselves. */
export type EndReason = 'expired' | 'revoked' | 'elsewhere' | 'replaced' | null;

export type Screen =
  | { readonly name: 'starting' }
  /** A part of the page could not be loaded. */
  | { readonly name: 'broken' }
  | { readonly name: 'login'; readonly reason: EndReason }
  | { readonly name: 'chat'; readonly chat: Chat };

export const screen = signal<Screen>({ name: 'starting' });

export const rest = new RestClient(baseAddress());

let unwatch: () => void = () => undefined;

/** Goes on with the session that the browser holds, where there is one. */
export async function resume(): Promise<void> {
  const vault = await BrowserVault.find();
  const tokens = vault?.load() ?? null;
  if (vault === null || tokens === null) leave(null);
  else await begin(tokens, vault);
}

/** How somebody came in. */
export interface Entry {
  /** Keep the session for all tabs, until logout. */
  readonly stay: boolean;
  /** Null: with an account. */
  readonly guest: { readonly choseName: boolean } | null;
}

export async function enter(tokens: Tokens, { stay, guest }: Entry): Promise<void> {
  const vault = BrowserVault.create(stay);
  const kept = keep(tokens);
  vault.save(kept);
  if (guest === null) Guest.unmark(vault.place);
  else Guest.mark(vault.place, kept.user.id, guest.choseName);
  await begin(kept, vault);
}

/** Ends the session on purpose. */
export async function logOut(chat: Chat): Promise<void> {
  leave(null);
  const done = chat.logOut();
  forgetPerson();
  await done;
}

/** The chat is loaded by those who come in: whoever has yet to log in waits for less. */
async function begin(tokens: KeptTokens, vault: BrowserVault): Promise<void> {
  const loaded = await import('../chat/chat.js').catch(() => null);
  if (loaded === null) screen.value = { name: 'broken' };
  else beginWith(loaded.Chat, tokens, vault);
}

function beginWith(LoadedChat: typeof Chat, tokens: KeptTokens, vault: BrowserVault): void {
  const session = new TokenSession(rest, tokens, vault, exclusively);
  const { id } = session.user;
  forgetDrafts(id);
  forgetOutboxes(id);
  const chat = new LoadedChat({
    rest,
    session,
    start: linkedConversation(),
    guest: Guest.find(vault.place, id),
  });
  const end = (reason: EndReason): void => {
    chat.close();
    leave(reason);
    // Somebody went on purpose. One whose session has ended comes back to what they had begun.
    if (reason === 'elsewhere' || reason === 'replaced') forgetPerson();
  };
  chat.onEnded((code) => {
    const kept = vault.load();
    // Another tab that logs out takes the tokens away before the service ends the session.
    if (kept === null) {
      end('elsewhere');
      return;
    }
    // Somebody else may have logged in in another tab, and the tokens be theirs.
    if (kept.user.id === id) vault.clear();
    end(code === 'session-revoked' ? 'revoked' : 'expired');
  });
  unwatch = vault.watch((others) => {
    if (others === null) end('elsewhere');
    else if (others.user.id === id) session.adopt(others);
    else end('replaced');
  });
  screen.value = { name: 'chat', chat };
  chat.open();
}

/** What is kept in this tab of a person's; the next one finds nothing of it. */
function forgetPerson(): void {
  forgetAddress();
  forgetDrafts(null);
  forgetOutboxes(null);
}

function leave(reason: EndReason): void {
  unwatch();
  unwatch = () => undefined;
  screen.value = { name: 'login', reason };
}
