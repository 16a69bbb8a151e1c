import { createHmac, timingSafeEqual } from 'node:crypto';

/** Raised with every change that older nodes cannot read. */
const VERSION = 2;
/** HMAC-SHA256, truncated to 128 bits, in base64url. */
const TAG_LENGTH = 22;
/** Far above the largest batch; anything longer is not even parsed. */
const MOST_PAYLOAD = 16 * 1024 * 1024;

/** Why a publication was rejected. */
export type EnvelopeFault = 'too-large' | 'version' | 'signature';

export const ENVELOPE_FAULTS: readonly EnvelopeFault[] = ['too-large', 'version', 'signature'];

export type Opened =
  | { readonly status: 'good'; readonly node: string; readonly body: string }
  /** Sent by this node. */
  | { readonly status: 'own' }
  | { readonly status: 'refused'; readonly fault: EnvelopeFault };

/**
 * Signs what nodes publish with a key of the service, under the node's id, so that nobody else who
 * can write to Redis can forge it: `<version>.<node>.<tag>.<body>`. The tag covers the channel, so
 * that nothing can be replayed on another one.
 */
export class Envelope {
  private readonly key: Buffer;
  private readonly begin: string;

  /** @param secret the same on every node */
  constructor(
    secret: string,
    readonly node: string,
  ) {
    // A derived key: the one that signs access tokens signs nothing else.
    this.key = createHmac('sha256', secret).update('parley publications').digest();
    this.begin = `${String(VERSION)}.${node}.`;
  }

  seal(channel: string, body: string): string {
    return `${this.begin}${this.tagOf(channel, this.node, body)}.${body}`;
  }

  open(channel: string, payload: string): Opened {
    if (payload.length > MOST_PAYLOAD) return { status: 'refused', fault: 'too-large' };
    // This node delivered it within the process before sending it.
    if (payload.startsWith(this.begin)) return { status: 'own' };
    const head = /^(\d{1,6})\.([\w-]{1,64})\.([\w-]{22})\./.exec(payload);
    if (head?.[1] !== String(VERSION)) return { status: 'refused', fault: 'version' };
    const [whole, , node = '', tag = ''] = head;
    const body = payload.slice(whole.length);
    if (!isSame(tag, this.tagOf(channel, node, body))) {
      return { status: 'refused', fault: 'signature' };
    }
    return { status: 'good', node, body };
  }

  private tagOf(channel: string, node: string, body: string): string {
    // A line feed separates them: neither node ids nor channels hold one.
    return createHmac('sha256', this.key)
      .update(`${channel}\n${node}\n${body}`)
      .digest('base64url')
      .slice(0, TAG_LENGTH);
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
