import type { RefusalCode } from '@parley/protocol';
import type { Duplex } from 'node:stream';
import { answerRaw } from '../../http/raw-answer.js';
import type { Refusal } from '../../kernel/refusal.js';
import type { Locale } from '../../kernel/locale/texts.js';

/** Headers that a status requires (RFC 9110, 15.5.6 and 15.5.22; RFC 6455, 4.4). */
const HEADERS: Partial<Record<RefusalCode, readonly string[]>> = {
  'method-not-allowed': ['Allow: GET'],
  'upgrade-required': ['Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
};

/**
 * Answers an upgrade with problem details instead of a socket.
 * @returns the request's id, as in the answer
 */
export function refuseUpgrade(socket: Duplex, refusal: Refusal, locale: Locale): string {
  return answerRaw(socket, refusal, locale, HEADERS[refusal.code]);
}
