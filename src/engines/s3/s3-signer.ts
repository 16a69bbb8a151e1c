import type { S3Settings } from '../../config/settings.js';
import type { Clock } from '../../kernel/clock.js';

/** A request, as its signature covers it. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs requests with AWS Signature Version 4: the service's own, and URLs for whoever is given them. */
export class S3Signer {
  constructor(
    private readonly settings: S3Settings,
    private readonly clock: Clock,
  ) {}

  /** @returns the headers to send */
  async headersFor(request: Unsigned): Promise<Readonly<Record<string, string>>> {
    const { headers } = await this.sign(request, false);
    return Object.fromEntries(headers);
  }

  /** @returns a URL for the next so many seconds, and only for requests with just these headers */
  async urlFor(request: Unsigned, seconds: number): Promise<string> {
    const url = new URL(request.url);
    url.searchParams.set('X-Amz-Expires', String(seconds));
    return String((await this.sign({ ...request, url }, true)).url);
  }

  private async sign({ method, url, headers }: Unsigned, signQuery: boolean) {
    // Loaded by those only who have such a store.
    const { AwsV4Signer } = await import('aws4fetch');
    const { accessKeyId, secretAccessKey, region } = this.settings;
    const signer = new AwsV4Signer({
      ...{ method, url: url.href, headers, accessKeyId, secretAccessKey, region },
      ...{ service: 's3', signQuery, datetime: this.now() },
      // Those that say what is sent, too.
      allHeaders: true,
    });
    return signer.sign();
  }

  /** As `20261127T183000Z`. */
  private now(): string {
    return new Date(this.clock.now()).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
  }
}
