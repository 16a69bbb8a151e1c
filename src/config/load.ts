import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { faultOfOrigin } from './allowed-origins.js';
import { KEYS } from './keys.js';
import { conflictsOfS3, s3Of } from './s3-settings.js';
import type { AttachmentSettings, Settings } from './settings.js';

/** The environment is invalid. Names every key at fault, never a value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly faults: readonly string[]) {
    super(`The settings are not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

type Values = {
  [Name in keyof typeof KEYS]: Exclude<ReturnType<(typeof KEYS)[Name]['parse']>, undefined>;
};

const KNOWN_SECRETS = ['secret', 'changeme', 'change-me', 'password', 'jwt', 'test', 'default'];
const SECRET_LENGTH = 32;
/** One hour of log-ins at full rate equals the accounts that an address may create in a day. */
const ACCOUNTS_PER_LOGIN = 60;

/**
 * Reads the environment into one frozen object.
 * @throws SettingsError
 */
export function loadSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const faults: string[] = [];
  const values = readAll(environment, faults);
  faults.push(...conflicts(values));
  if (faults.length > 0) throw new SettingsError(faults);
  return deepFreeze(toSettings(values));
}

function readAll(
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
): Values {
  const values: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(KEYS)) {
    const given = environment[name]?.trim();
    const value = key.parse(given === undefined || given === '' ? key.fallback : given);
    if (value === undefined) faults.push(`${name}: must be ${key.expected}`);
    values[name] = value;
  }
  return values as Values;
}

function conflicts(values: Partial<Values>): readonly string[] {
  const faults: string[] = [];
  const secret = values.JWT_SECRET ?? '';
  if (values.NODE_ENV === 'production' && secret === '') {
    faults.push('JWT_SECRET: must be set in production');
  }
  if (secret !== '' && secret.length < SECRET_LENGTH) {
    faults.push(`JWT_SECRET: must have at least ${String(SECRET_LENGTH)} characters`);
  } else if (secret !== '' && isWellKnown(secret)) {
    faults.push('JWT_SECRET: is well known or easily guessed');
  }
  if ((values.ACCESS_TOKEN_TTL ?? 0) > (values.REFRESH_TOKEN_TTL ?? Infinity)) {
    faults.push('REFRESH_TOKEN_TTL: is below ACCESS_TOKEN_TTL');
  }
  if (values.MANAGEMENT_PORT && values.MANAGEMENT_PORT === values.PORT) {
    faults.push('MANAGEMENT_PORT: is PORT; it must be another one');
  }
  faults.push(...conflictsOfEngines(values), ...conflictsOfS3(values));
  for (const [index, origin] of (values.ALLOWED_ORIGINS ?? []).entries()) {
    const fault = faultOfOrigin(origin);
    if (fault !== null) faults.push(`ALLOWED_ORIGINS: entry ${String(index + 1)} ${fault}`);
  }
  if ((values.MAX_SEND_MEMORY ?? Infinity) < (values.MAX_SEND_QUEUE_BYTES ?? 0)) {
    faults.push('MAX_SEND_MEMORY: is below MAX_SEND_QUEUE_BYTES');
  }
  if ((values.MIN_PASSWORD_LENGTH ?? 0) > (values.MAX_PASSWORD_LENGTH ?? Infinity)) {
    faults.push('MIN_PASSWORD_LENGTH: is above MAX_PASSWORD_LENGTH');
  }
  return faults;
}

function conflictsOfEngines(values: Partial<Values>): readonly string[] {
  const faults: string[] = [];
  if (values.REDIS_URL && !values.DATABASE_URL) {
    faults.push('REDIS_URL: goes with DATABASE_URL only');
  }
  if (!/^[\w:.-]{1,64}$/.test(values.REDIS_PREFIX ?? '')) {
    faults.push('REDIS_PREFIX: letters, digits and _ : . - only, at most 64');
  }
  // If each node generated its own secret, it would refuse the tokens of all the others.
  if (values.REDIS_URL && values.JWT_SECRET === '' && values.NODE_ENV !== 'production') {
    faults.push('JWT_SECRET: must be set, the same for every node, where REDIS_URL is');
  }
  if (values.DATABASE_URL) {
    // Parameters there would say the same as a setting, and one of the two would win.
    const { pathname, searchParams } = new URL(values.DATABASE_URL);
    if (pathname.length < 2) faults.push('DATABASE_URL: names no database');
    if ([...searchParams.keys()].some((name) => name !== 'host')) {
      faults.push('DATABASE_URL: takes no parameter but host; TLS is set by DATABASE_SSLMODE');
    }
    if (!isDecodable(values.DATABASE_URL)) {
      faults.push('DATABASE_URL: a % that stands for itself must be written as %25');
    }
  }
  return faults;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** A common word repeated or padded to length, or only a handful of different characters. */
function isWellKnown(secret: string): boolean {
  const letters = secret.toLowerCase().replaceAll(/[^a-z-]/g, '');
  if (new Set(secret).size < 8) return true;
  return KNOWN_SECRETS.some((word) => letters.replaceAll(word, '').replaceAll('-', '') === '');
}

function toSettings(values: Values): Settings {
  return {
    port: values.PORT,
    host: values.HOST,
    environment: values.NODE_ENV,
    locale: values.LOCALE,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    database: {
      pool: values.DATABASE_POOL,
      sslMode: values.DATABASE_SSLMODE,
      caFile: values.DATABASE_CA_FILE === '' ? null : values.DATABASE_CA_FILE,
      startTimeoutMs: values.DATABASE_START_TIMEOUT,
      connectTimeoutMs: values.DATABASE_CONNECT_TIMEOUT,
      statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT,
    },
    attachments: attachmentsOf(values),
    redis:
      values.REDIS_URL === null
        ? null
        : {
            url: values.REDIS_URL,
            prefix: values.REDIS_PREFIX,
            timeoutMs: values.REDIS_TIMEOUT,
          },
    jwtSecret: values.JWT_SECRET === '' ? null : values.JWT_SECRET,
    accessTokenTtlMs: values.ACCESS_TOKEN_TTL,
    refreshTokenTtlMs: values.REFRESH_TOKEN_TTL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    trustedProxies: values.TRUSTED_PROXIES,
    basePath: values.BASE_PATH,
    registration: values.REGISTRATION,
    guests: values.GUESTS,
    guestTtlMs: values.GUEST_TTL,
    heartbeatIntervalMs: values.HEARTBEAT_INTERVAL,
    presenceGraceMs: values.PRESENCE_GRACE,
    lobby: values.LOBBY,
    search: values.SEARCH,
    defaultRooms: values.DEFAULT_ROOMS,
    presenceListMax: values.PRESENCE_LIST_MAX,
    receiptsMax: values.RECEIPTS_MAX,
    typingMax: values.TYPING_MAX,
    editWindowMs: values.EDIT_WINDOW,
    managementPort: values.MANAGEMENT_PORT,
    managementHost: values.MANAGEMENT_HOST,
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT,
    limits: limitsOf(values),
  };
}

/** Nodes that share a database have to share a folder, too, which nobody can guess. */
function attachmentsOf(values: Values): AttachmentSettings | null {
  if (values.ATTACHMENT_SIZE_MAX === 0) return null;
  const { ATTACHMENTS_DIR: dir } = values;
  if (dir !== '') return { engine: 'files', dir };
  const s3 = s3Of(values);
  if (s3 !== null || values.DATABASE_URL !== null) return s3;
  return { engine: 'files', dir: join(values.DATA_DIR, 'attachments') };
}

function limitsOf(values: Values): Settings['limits'] {
  return {
    logRate: values.LOG_RATE,
    commandRate: values.COMMAND_RATE,
    publicRate: values.PUBLIC_RATE,
    newDirectRate: values.NEW_DIRECT_RATE,
    messageRate: values.MESSAGE_RATE,
    historyRate: values.HISTORY_RATE,
    searchRate: values.SEARCH_RATE,
    attachmentRate: values.ATTACHMENT_RATE,
    attachmentBytes: values.ATTACHMENT_SIZE_MAX,
    attachmentQuota: values.ATTACHMENT_QUOTA,
    attachmentDisk: values.ATTACHMENT_DISK_MAX,
    connectRate: values.CONNECT_RATE,
    loginRate: values.LOGIN_RATE,
    accountRate: values.ACCOUNT_RATE ?? ACCOUNTS_PER_LOGIN * values.LOGIN_RATE,
    guests: values.MAX_GUESTS,
    connectionsPerAddress: values.MAX_CONNECTIONS_PER_ADDRESS,
    connectionsPerUser: values.MAX_CONNECTIONS_PER_USER,
    connections: values.MAX_CONNECTIONS,
    httpConnectionsPerAddress: values.MAX_HTTP_CONNECTIONS_PER_ADDRESS,
    httpConnections: values.MAX_HTTP_CONNECTIONS,
    frameBytes: values.MAX_FRAME_BYTES,
    textLength: values.MAX_TEXT_LENGTH,
    usernameLength: values.MAX_USERNAME_LENGTH,
    passwordMin: values.MIN_PASSWORD_LENGTH,
    passwordMax: values.MAX_PASSWORD_LENGTH,
    jsonDepth: values.MAX_JSON_DEPTH,
    bodyBytes: values.MAX_BODY_BYTES,
    sendQueueBytes: values.MAX_SEND_QUEUE_BYTES,
    answerBytes: values.MAX_ANSWER_MEMORY,
    answerTimeoutMs: values.ANSWER_TIMEOUT,
    sendMemoryBytes: values.MAX_SEND_MEMORY,
    journalQueue: values.MAX_JOURNAL_QUEUE,
    syncMessages: values.MAX_SYNC_MESSAGES,
    resumeRate: values.RESUME_RATE,
    exportMinSpeed: values.EXPORT_MIN_SPEED,
    hashConcurrency: values.HASH_CONCURRENCY || coresForHashing(),
    hashQueue: values.HASH_QUEUE,
    handshakeTimeoutMs: values.HANDSHAKE_TIMEOUT,
  };
}

/** One core stays for the event loop, which talks meanwhile; Node's own pool has four threads. */
function coresForHashing(): number {
  return Math.min(4, Math.max(1, availableParallelism() - 1));
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
