// What the bot needs of the typed client, from its sources.
export { ChatClient } from '../client/chat-client.ts';
export { RestClient } from '../client/rest.ts';
export { keep, TokenSession } from '../client/token-session.ts';
