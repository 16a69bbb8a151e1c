import { choice, flag, integer, list, optional, seconds, text, url, type Key } from './parsers.js';
import { LOCALES } from '../kernel/texts.js';

/**
 * Every key of the environment that the service reads. The order is that of `.env.example`; a
 * test holds the file against this table.
 */
export const KEYS = {
  PORT: integer('3000', 0, 65_535, 'Port of the service; 0 takes a free one'),
  HOST: text('127.0.0.1', 'Address to listen on; 0.0.0.0 for all'),
  NODE_ENV: choice(
    'development',
    ['development', 'production', 'test'],
    'In production JWT_SECRET must be set',
  ),
  LOCALE: choice('en', LOCALES, 'Language of the texts that the service writes'),
  LOG_LEVEL: choice(
    'info',
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'How much is logged',
  ),
  DATA_DIR: text('data', 'Folder of the embedded database and of the secret that was made'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'PostgreSQL; unset: the embedded database'),
  REDIS_URL: url(['redis:', 'rediss:'], 'Redis, for several nodes; goes with DATABASE_URL'),
  JWT_SECRET: text('', 'At least 32 characters; unset outside production: made and kept'),
  ACCESS_TOKEN_TTL: seconds('900', 5, 86_400, 'Life of an access token'),
  REFRESH_TOKEN_TTL: seconds('2592000', 60, 31_536_000, 'Life of an unused refresh token'),
  ALLOWED_ORIGINS: list('Further origins of pages that may connect, separated by commas'),
  TRUSTED_PROXIES: list('Proxies whose X-Forwarded-For is believed: addresses or CIDR ranges'),
  REGISTRATION: flag('true', 'Whether people may register themselves'),
  GUESTS: flag('true', 'Whether guests are admitted'),
  HEARTBEAT_INTERVAL: seconds('25', 1, 3_600, 'Between two pings of a connection'),
  PRESENCE_GRACE: seconds('5', 0, 600, 'How long a reconnect stays unnoticed'),
  PRESENCE_LIST_MAX: integer('300', 0, 10_000, 'People up to whom the list goes to everybody'),
  MANAGEMENT_PORT: optional(
    integer('', 0, 65_535, 'Port of metrics and health detail; unset: none'),
  ),
  SHUTDOWN_TIMEOUT: seconds('10', 1, 600, 'What stopping may take at most'),
  MESSAGE_RATE: integer('20', 0, 1_000_000, 'Messages per person and second; 0: no limit'),
  HISTORY_RATE: integer('20', 0, 1_000_000, 'Pages of history per person and second; 0: no limit'),
  CONNECT_RATE: integer('300', 0, 1_000_000, 'New sockets per address and minute; 0: no limit'),
  LOGIN_RATE: integer('30', 0, 1_000_000, 'Logins per address and minute; 0: no limit'),
  MAX_CONNECTIONS_PER_ADDRESS: integer('200', 0, 1_000_000, 'Sockets of an address; 0: no limit'),
  MAX_CONNECTIONS_PER_USER: integer('20', 0, 1_000_000, 'Sockets of a person; 0: no limit'),
  MAX_CONNECTIONS: integer('0', 0, 10_000_000, 'Sockets in all; 0: no limit'),
  MAX_FRAME_BYTES: integer('65536', 256, 16_777_216, 'Bytes of one frame'),
  MAX_TEXT_LENGTH: integer('4000', 1, 1_000_000, 'Code points of one message'),
  MAX_USERNAME_LENGTH: integer('32', 1, 64, 'Code points of a name'),
  MIN_PASSWORD_LENGTH: integer('8', 1, 128, 'Characters of a password, at least'),
  MAX_PASSWORD_LENGTH: integer('128', 8, 1_024, 'Characters of a password, at most'),
  MAX_JSON_DEPTH: integer('8', 2, 64, 'Levels of nesting in a frame or body'),
  MAX_BODY_BYTES: integer('16384', 1_024, 1_048_576, 'Bytes of the body of an HTTP request'),
  MAX_SEND_QUEUE_BYTES: integer(
    '1048576',
    65_536,
    1_073_741_824,
    'Bytes that may wait for one slow reader',
  ),
  MAX_JOURNAL_QUEUE: integer('20000', 1, 10_000_000, 'Messages that may wait for the store'),
  MAX_SYNC_MESSAGES: integer('1000', 1, 100_000, 'Messages that one Sync brings per conversation'),
  RESUME_RATE: integer('2000', 0, 1_000_000, 'Syncs begun per second; 0: no limit'),
  EXPORT_MIN_SPEED: integer(
    '65536',
    0,
    1_073_741_824,
    'Bytes per second that the reader of an export has to take; 0: no limit',
  ),
  HASH_CONCURRENCY: integer('2', 1, 64, 'Password hashes computed at a time'),
  HASH_QUEUE: integer('32', 0, 10_000, 'Password hashes that may wait'),
  HANDSHAKE_TIMEOUT: seconds('10', 1, 120, 'For the headers of a request to arrive'),
} as const satisfies Record<string, Key<unknown>>;
