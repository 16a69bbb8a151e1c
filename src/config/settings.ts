import type { Locale } from '../kernel/locale/texts.js';

/** How the service is to run: validated at start, frozen, the same for everybody. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly environment: 'development' | 'production' | 'test';
  readonly locale: Locale;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** `auto`: plain where standard error is a terminal. */
  readonly logFormat: 'auto' | 'plain' | 'json';
  readonly dataDir: string;
  /** Null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly database: DatabaseSettings;
  /** Where the files of messages are kept; null: there are none. */
  readonly attachments: AttachmentSettings | null;
  /** Null: the node is alone. */
  readonly redis: RedisSettings | null;
  /** Null outside production: one is made and kept in `dataDir`. */
  readonly jwtSecret: string | null;
  readonly accessTokenTtlMs: number;
  readonly refreshTokenTtlMs: number;
  /** Other origins than the service's own from which a browser may connect; `*.` is any labels. */
  readonly allowedOrigins: readonly string[];
  /** Addresses or CIDR ranges whose X-Forwarded-* and Forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Path prefix under which the proxy passes requests on, like `/parley`. Null: none. */
  readonly basePath: string | null;
  readonly registration: boolean;
  readonly guests: boolean;
  /** How long a guest may be away; 0: for ever. */
  readonly guestTtlMs: number;
  readonly heartbeatIntervalMs: number;
  readonly presenceGraceMs: number;
  /** The list is pushed to everybody only while at most this many people are here. */
  readonly presenceListMax: number;
  /** Whether messages are indexed, and can be searched. */
  readonly search: boolean;
  /** Whether everybody is in the lobby. */
  readonly lobby: boolean;
  /** Names of rooms that new accounts join. */
  readonly defaultRooms: readonly string[];
  /** A room is told who has read what only while at most so many people are here. */
  readonly receiptsMax: number;
  /** Who is typing is told only where at most so many people are present; 0: nowhere. */
  readonly typingMax: number;
  /** How long after it was said its author may edit a message; 0: for ever. */
  readonly editWindowMs: number;
  /** Null: no management port. */
  readonly managementPort: number | null;
  readonly managementHost: string;
  /** Total time that stopping may take. */
  readonly shutdownTimeoutMs: number;
  readonly limits: Limits;
}

export type AttachmentSettings = FolderSettings | S3Settings;

/** A folder on this machine, or one that all nodes share. */
export interface FolderSettings {
  readonly engine: 'files';
  readonly dir: string;
}

/** A bucket in an S3-compatible store. */
export interface S3Settings {
  readonly engine: 's3';
  /** As this service reaches the store, and as clients do. */
  readonly endpoint: string;
  readonly publicEndpoint: string;
  /** Where the bucket is named: in the path, or in the name of a virtual host. */
  readonly addressing: 'path' | 'virtual';
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How a node uses PostgreSQL. Ignored without `databaseUrl`. */
export interface DatabaseSettings {
  /** Connections in all. */
  readonly pool: number;
  /**
   * As in libpq: `require` encrypts, `verify-ca` checks who signed, `verify-full` also the host.
   */
  readonly sslMode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  /** Null: the certificates that Node trusts. */
  readonly caFile: string | null;
  readonly startTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export interface RedisSettings {
  readonly url: string;
  /** Prefix of every key and channel. */
  readonly prefix: string;
  /** For connecting, and for how long Redis may stay silent. */
  readonly timeoutMs: number;
}

/** Bounds on what a client can make grow. For rates and counts of connections, 0 means no limit. */
export interface Limits {
  /** Log lines of each kind per second. */
  readonly logRate: number;
  /** Cost of a person's commands and calls per second (units). */
  readonly commandRate: number;
  /** Cost of calls without a token per address and second (units). */
  readonly publicRate: number;
  /** Private conversations that guests may start with one person, per minute. */
  readonly newDirectRate: number;
  /** Messages per person and second. */
  readonly messageRate: number;
  /** Pages of history, and exports started, per person and second. */
  readonly historyRate: number;
  /** Searches per person and second. */
  readonly searchRate: number;
  /** New files per person and minute. */
  readonly attachmentRate: number;
  /** Bytes of one file; 0: there are none. */
  readonly attachmentBytes: number;
  /** Bytes of files that a person keeps, and that all people together do; 0: no limit. */
  readonly attachmentQuota: number;
  readonly attachmentDisk: number;
  /** New connections per address and minute. */
  readonly connectRate: number;
  /** Attempts to log in, register or enter as a guest, per address and minute. */
  readonly loginRate: number;
  /** New accounts, guests included, per address and day. */
  readonly accountRate: number;
  /** Guests in all. */
  readonly guests: number;
  readonly connectionsPerAddress: number;
  readonly connectionsPerUser: number;
  readonly connections: number;
  /** Connections that speak HTTP, per address and in all. */
  readonly httpConnectionsPerAddress: number;
  readonly httpConnections: number;
  readonly frameBytes: number;
  /** Code points in a message's text. */
  readonly textLength: number;
  readonly usernameLength: number;
  readonly passwordMin: number;
  readonly passwordMax: number;
  readonly jsonDepth: number;
  readonly bodyBytes: number;
  /** Bytes that may wait for one slow reader. */
  readonly sendQueueBytes: number;
  /** Bytes of all HTTP answers together that may wait for their readers. */
  readonly answerBytes: number;
  /** How long the reader of such an answer may take nothing, or too little. */
  readonly answerTimeoutMs: number;
  /** Bytes that may wait for all readers together. */
  readonly sendMemoryBytes: number;
  /** Messages that may wait for the store. */
  readonly journalQueue: number;
  /** Messages of one conversation that one Sync may bring. */
  readonly syncMessages: number;
  /** Catch-ups after a reconnect admitted per second. */
  readonly resumeRate: number;
  /** Bytes per second that the reader of an export has to take. */
  readonly exportMinSpeed: number;
  /** Password hashes computed at once, and waiting. */
  readonly hashConcurrency: number;
  readonly hashQueue: number;
  readonly handshakeTimeoutMs: number;
}

/** DI token of {@link Settings}. */
export const SETTINGS = Symbol('SETTINGS');
