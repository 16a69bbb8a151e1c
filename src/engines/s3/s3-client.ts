import { webcrypto } from 'node:crypto';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { S3Settings } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import { addressOf } from './s3-address.js';
import type { S3Outage } from './s3-outage.js';
import type { S3Signer } from './s3-signer.js';

/** How long the store may stay silent before an answer, and within one. */
const SILENCE_MAX_MS = 5_000;
const READING_SILENCE_MAX_MS = 60_000;
/** Bytes a second at which the store takes what it is sent, at least. */
const SLOWEST = 256 * 1024;
/** Connections to the store. What is more waits, and counts as silence of the store. */
const CONNECTIONS = 64;
/** Failures that pass in a moment are tried again after these times. Silence is not: it has taken long. */
const RETRY_AFTER_MS = [200, 800];
/** Of an answer that is text: the list of what lies beside a blob is far below. */
const TEXT_MAX = 1024 * 1024;

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Null: the bucket itself. */
  readonly key: string | null;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Where the answer takes the store some work, such as a copy. */
  readonly silenceMs?: number;
}

/** Below 500; its body has to be read, or destroyed. */
export type S3Answer = IncomingMessage & { readonly statusCode: number };

/** Calls the store, and turns its silence, its faults and its refusals into ours. */
export class S3Client {
  private readonly agent: HttpAgent;
  private readonly request: typeof requestHttp;

  constructor(
    private readonly settings: S3Settings,
    private readonly signer: S3Signer,
    private readonly scheduler: Scheduler,
    private readonly outage: S3Outage,
  ) {
    const isSecure = settings.endpoint.startsWith('https:');
    const options = { keepAlive: true, maxSockets: CONNECTIONS };
    this.agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
    this.request = isSecure ? requestHttps : requestHttp;
  }

  /** @throws Refusal `store-unavailable`, where the store does not do its part; by rejection */
  async send(asked: S3Request): Promise<S3Answer> {
    try {
      const answer = await this.attempt(asked);
      this.outage.ended();
      return answer;
    } catch (error) {
      this.outage.began(error);
      throw new Refusal('store-unavailable');
    }
  }

  /** The same for answers of which the status and headers say all. */
  async tell(asked: S3Request): Promise<S3Answer> {
    const answer = await this.send(asked);
    // Read to its end, so that the connection serves the next request.
    answer.resume();
    return answer;
  }

  /** The same for an answer that is text. */
  async read(asked: S3Request): Promise<{ readonly status: number; readonly body: string }> {
    const answer = await this.send(asked);
    if (Number(answer.headers['content-length'] ?? 0) > TEXT_MAX) answer.destroy();
    try {
      return { status: answer.statusCode, body: await text(answer) };
    } catch (error) {
      this.outage.began(error);
      throw new Refusal('store-unavailable');
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async attempt(asked: S3Request): Promise<S3Answer> {
    for (const pause of RETRY_AFTER_MS) {
      try {
        return await this.once(asked);
      } catch (error) {
        if (error instanceof Silence || error instanceof Declined) throw error;
        await this.scheduler.pause(pause);
      }
    }
    return this.once(asked);
  }

  private async once(asked: S3Request): Promise<S3Answer> {
    const { method, key, query = {}, body } = asked;
    const url = addressOf(this.settings, 'service', key);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = await this.signer.headersFor({
      ...{ method, url },
      headers: {
        ...asked.headers,
        'x-amz-content-sha256': await digestOf(body),
        ...(body !== undefined && { 'content-length': String(body.length) }),
      },
    });
    const answer = await this.exchange(url, headers, asked);
    const { statusCode } = answer;
    if (statusCode < 500 && statusCode !== 403 && statusCode !== 429) return answer;
    answer.resume();
    // A key that has gone, or clocks that are apart: an operator's to mend, and no client's.
    if (statusCode === 403) throw new Declined();
    throw new Error(`status ${String(statusCode)}`);
  }

  private exchange(
    url: URL,
    headers: Readonly<Record<string, string>>,
    { method, body, silenceMs = SILENCE_MAX_MS }: S3Request,
  ): Promise<S3Answer> {
    return new Promise((resolve, reject) => {
      const request = this.request(url, { method, headers, agent: this.agent });
      const silent = (): void => {
        request.destroy(new Silence());
      };
      const sendingMs = ((body?.length ?? 0) / SLOWEST) * 1_000;
      const deadline = this.scheduler.after(silenceMs + sendingMs, silent);
      request.once('error', (error) => {
        this.scheduler.cancel(deadline);
        reject(error);
      });
      request.once('response', (answer) => {
        this.scheduler.cancel(deadline);
        request.setTimeout(READING_SILENCE_MAX_MS, silent);
        resolve(answer as S3Answer);
      });
      request.end(body);
    });
  }
}

class Silence extends Error {
  override readonly message = 'the store is silent';
}

class Declined extends Error {
  override readonly message = 'the store refuses the key';
}

/** Off the event loop, since it may be 25 MiB. */
async function digestOf(body: Buffer = Buffer.alloc(0)): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', new Uint8Array(body));
  return Buffer.from(digest).toString('hex');
}
