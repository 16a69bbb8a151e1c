import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { AwsClient } from 'aws4fetch';
import type { S3Settings } from '../../src/config/settings.js';
import { until } from './bounded.js';
import { ForeignProgram } from './foreign-program.js';
import { freePort } from './ports.js';
import { temporaryFolder } from './service.js';

/** The Python that Debian's packages are for; another one may come first in the PATH. */
const PYTHON = '/usr/bin/python3';
/** OpenStack Swift, whose packages bring an S3 interface along. */
const SWIFT = '/usr/lib/python3/dist-packages/swift/obj/mem_server.py';
const PROGRAM = fileURLToPath(new URL('swift/serve.py', import.meta.url));
const KEY = 'parley:tests';
const SECRET = 'secret-of-the-tests';
/** Virtual hosts below this name are buckets. */
export const DOMAIN = 's3.localhost';

export function hasSwift(): boolean {
  return existsSync(PYTHON) && existsSync(SWIFT);
}

/** A store that speaks S3, on a port of loopback. */
export interface S3Server {
  readonly port: number;
  /** A new, empty bucket. */
  readonly bucket: () => Promise<S3Bucket>;
}

export interface S3Bucket {
  readonly settings: S3Settings;
  /** The settings, as an environment has them. */
  readonly env: Readonly<Record<string, string>>;
  /** The test's own way to the store, past the service. */
  readonly client: AwsClient;
  /** Of the bucket. */
  readonly url: string;
  /** The keys in it. */
  readonly keys: () => Promise<readonly string[]>;
}

let shared: Promise<S3Server> | null = null;

/** The server of this test file: everything in it is gone when the file ends. */
export function s3Server(): Promise<S3Server> {
  return (shared ??= start());
}

async function start(): Promise<S3Server> {
  const port = await freePort();
  const args = [PROGRAM, temporaryFolder('swift'), String(port), KEY, SECRET];
  const program = new ForeignProgram(PYTHON, args);
  await until(
    () => Promise.resolve(program.said().includes('ready') || null),
    'Swift to be ready',
    () => program.said(),
    30_000,
  );
  return { port, bucket: () => makeBucket(`http://127.0.0.1:${String(port)}`) };
}

async function makeBucket(endpoint: string): Promise<S3Bucket> {
  const bucket = `test-${randomUUID()}`;
  const settings: S3Settings = {
    ...{ engine: 's3', endpoint, publicEndpoint: endpoint, addressing: 'path', bucket },
    ...{ region: 'us-east-1', accessKeyId: KEY, secretAccessKey: SECRET },
  };
  const client = new AwsClient({
    ...{ accessKeyId: KEY, secretAccessKey: SECRET, service: 's3', region: 'us-east-1' },
  });
  const url = `${endpoint}/${bucket}`;
  const made = await client.fetch(url, { method: 'PUT' });
  if (!made.ok) throw new Error(`no bucket: ${String(made.status)} ${await made.text()}`);
  return {
    ...{ settings, client, url },
    env: {
      ...{ S3_ENDPOINT: endpoint, S3_BUCKET: bucket },
      ...{ S3_ACCESS_KEY_ID: KEY, S3_SECRET_ACCESS_KEY: SECRET },
    },
    keys: async () => {
      const list = await (await client.fetch(`${url}?list-type=2`)).text();
      return [...list.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key).sort();
    },
  };
}
