import { signal } from '@preact/signals';
import { RestClient, type Tokens } from '../../../client/rest.js';
import { keep, type KeptTokens, TokenSession } from '../../../client/token-session.js';
import { Chat } from '../chat/chat.js';
import { baseAddress } from './base.js';
import { BrowserVault, exclusively } from './browser-vault.js';

/** Why somebody stands before the login again; null: they just came, or logged out themselves. */
export type EndReason = 'expired' | 'revoked' | 'elsewhere' | 'replaced' | null;

export type Screen =
  | { readonly name: 'starting' }
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
  else begin(tokens, vault);
}

/** @param stay keep the session for all tabs, until logout */
export function enter(tokens: Tokens, stay: boolean): void {
  const vault = BrowserVault.create(stay);
  const kept = keep(tokens);
  vault.save(kept);
  begin(kept, vault);
}

/** Ends the session on purpose. */
export async function logOut(chat: Chat): Promise<void> {
  unwatch();
  leave(null);
  await chat.logOut();
}

function begin(tokens: KeptTokens, vault: BrowserVault): void {
  const session = new TokenSession(rest, tokens, vault, exclusively);
  const chat = new Chat(rest, session);
  const end = (reason: EndReason): void => {
    chat.close();
    leave(reason);
  };
  chat.onEnded((code) => {
    // Somebody else may have logged in in another tab, and the tokens be theirs.
    if (vault.load()?.user.id === session.user.id) vault.clear();
    end(code === 'session-revoked' ? 'revoked' : 'expired');
  });
  unwatch = vault.watch((others) => {
    if (others === null) end('elsewhere');
    else if (others.user.id === session.user.id) session.adopt(others);
    else end('replaced');
  });
  screen.value = { name: 'chat', chat };
  chat.open();
}

function leave(reason: EndReason): void {
  unwatch();
  unwatch = () => undefined;
  screen.value = { name: 'login', reason };
}
