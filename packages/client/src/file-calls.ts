import type { Attachment } from '@parley/protocol';
import { RestError, type RestClient } from './rest.js';

/** A file to be sent: a browser's `File` is one. */
export interface FileToSend {
  readonly name: string;
  /** Its media type; empty where it is unknown. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  slice(start: number, end: number): Blob;
}

/** A file that the service expects. Whoever keeps it can go on with the upload in another life. */
export interface AnnouncedFile {
  readonly id: string;
  readonly upload: {
    readonly method: 'PUT';
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Seconds. */
    readonly expires_in: number;
  };
}

export interface UploadOptions {
  /** An upload that was begun before, to go on with. */
  readonly announced?: AnnouncedFile;
  /** The file is announced: keep this to go on later. */
  readonly onAnnounced?: (announced: AnnouncedFile) => void;
  /** So many bytes of all have arrived. */
  readonly onProgress?: (sent: number, size: number) => void;
  /** Breaks off. What has arrived is kept for a day. */
  readonly signal?: AbortSignal;
  /** Bytes in one request, 1 MiB by default. */
  readonly pieceBytes?: number;
  /** Milliseconds before the first attempt to go on after a failure, 500 by default; each later one waits twice as long. */
  readonly retryDelay?: number;
}

const PIECE_BYTES = 1024 * 1024;
const PIECE_TIMEOUT_MS = 60_000;
const WHOLE_TIMEOUT_MS = 600_000;
const RETRY_DELAY_MS = 500;
/** Failures in a row, without a byte between them. */
const MOST_FAILURES = 8;
const UNKNOWN_TYPE = 'application/octet-stream';

/** Files of messages. Every call rejects with a {@link RestError} only, or as its signal says. */
export class FileCalls {
  constructor(
    private readonly rest: RestClient,
    private readonly accessToken: string,
  ) {}

  /**
   * Sends a file, piece by piece: where the line is cut it goes on with what has not arrived. The pieces need
   * no access token, so that one that expires meanwhile does no harm.
   * @returns the file, for {@link ChatClient.send}
   */
  async upload(file: FileToSend, options: UploadOptions = {}): Promise<Attachment> {
    const announced = options.announced ?? (await this.announce(file));
    options.onAnnounced?.(announced);
    const { url } = announced.upload;
    if (/^https?:/.test(url)) return this.sendElsewhere(file, announced, options);
    return new PieceSender(this.rest, file, announced, options).send();
  }

  /** Takes room for a file. */
  announce({ name, type, size }: FileToSend): Promise<AnnouncedFile> {
    const body = { name, size, type: type === '' ? UNKNOWN_TYPE : type.replace(/;.*$/, '') };
    return this.rest.call('POST', '/attachments', this.accessToken, body);
  }

  /** Gives up a file that no message has. */
  async discard(id: string): Promise<void> {
    await this.rest.request('DELETE', pathOf(id), this.accessToken);
  }

  /** For a request with `Authorization: Bearer`. Pages show what {@link FileCalls.open} gives. */
  url(id: string): string {
    return this.rest.base + pathOf(id);
  }

  /** The bytes of a file, of a message that the person may see now. */
  open(id: string, signal?: AbortSignal): Promise<Blob> {
    return this.blob(pathOf(id), signal);
  }

  /** A picture, small: 320 pixels at most. */
  thumbnail(id: string, signal?: AbortSignal): Promise<Blob> {
    return this.blob(`${pathOf(id)}/thumbnail`, signal);
  }

  private async blob(path: string, signal?: AbortSignal): Promise<Blob> {
    const headers = { authorization: `Bearer ${this.accessToken}` };
    const init = signal === undefined ? { headers } : { headers, signal };
    const response = await this.rest.transfer(this.rest.base + path, init);
    try {
      return await response.blob();
    } catch {
      throw new RestError(0, 'unreachable', null, 0);
    }
  }

  /** To a store beside the service, in one request; then the service looks at it. */
  private async sendElsewhere(
    file: FileToSend,
    { id, upload }: AnnouncedFile,
    { onProgress, signal }: UploadOptions,
  ): Promise<Attachment> {
    await this.rest.transfer(upload.url, {
      ...{ method: upload.method, headers: upload.headers, body: file.slice(0, file.size) },
      signal: either(signal, WHOLE_TIMEOUT_MS),
    });
    onProgress?.(file.size, file.size);
    const headers = { authorization: `Bearer ${this.accessToken}` };
    await this.rest.transfer(this.url(id), { method: 'HEAD', headers, redirect: 'manual' });
    return { id, name: file.name, size: file.size, type: file.type };
  }
}

/** Sends the pieces of one file in order, and goes on where the service says. */
class PieceSender {
  private offset = 0;
  private failures = 0;

  constructor(
    private readonly rest: RestClient,
    private readonly file: FileToSend,
    private readonly announced: AnnouncedFile,
    private readonly options: UploadOptions,
  ) {}

  async send(): Promise<Attachment> {
    if (this.options.announced !== undefined) await this.find();
    for (;;) {
      try {
        const attachment = await this.sendPiece();
        this.options.onProgress?.(this.offset, this.file.size);
        if (attachment !== null) return attachment;
        this.failures = 0;
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  /** @returns the file once all of it is there */
  private async sendPiece(): Promise<Attachment | null> {
    const { size } = this.file;
    const end = Math.min(this.offset + (this.options.pieceBytes ?? PIECE_BYTES), size);
    const range = `bytes ${String(this.offset)}-${String(end - 1)}/${String(size)}`;
    const { url, method, headers } = this.announced.upload;
    const response = await this.rest.transfer(url, {
      method,
      headers: { ...headers, 'content-range': range },
      body: this.file.slice(this.offset, end),
      signal: either(this.options.signal, PIECE_TIMEOUT_MS),
    });
    this.offset = offsetOf(response, end);
    return response.status === 200 ? ((await response.json()) as Attachment) : null;
  }

  private async recover(error: unknown): Promise<void> {
    if (this.options.signal?.aborted === true || !mayPass(error)) throw error;
    if (++this.failures > MOST_FAILURES) throw error;
    const delay = (this.options.retryDelay ?? RETRY_DELAY_MS) * 2 ** (this.failures - 1);
    await new Promise((resolve) => setTimeout(resolve, Math.max(delay, error.retryAfter)));
    await this.find().catch((again: unknown) => {
      if (!mayPass(again)) throw again;
    });
  }

  /** Where to go on: the last piece is sent again where all of it is there, since its answer was lost. */
  private async find(): Promise<void> {
    const { url, headers } = this.announced.upload;
    const signal = either(this.options.signal, PIECE_TIMEOUT_MS);
    const there = offsetOf(await this.rest.transfer(url, { method: 'HEAD', headers, signal }), 0);
    this.offset = Math.min(there, this.file.size - 1);
  }
}

/** Whether what failed may succeed: nobody was reached, or the service says so. */
function mayPass(error: unknown): error is RestError {
  if (!(error instanceof RestError)) return false;
  return (
    error.status === 0 ||
    error.status >= 500 ||
    ['attachment-not-ready', 'rate-limited'].includes(error.code)
  );
}

function offsetOf(response: Response, otherwise: number): number {
  const told = Number(response.headers.get('upload-offset') ?? Number.NaN);
  return Number.isSafeInteger(told) ? told : otherwise;
}

function either(signal: AbortSignal | undefined, ms: number): AbortSignal {
  const timeout = AbortSignal.timeout(ms);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function pathOf(id: string): string {
  return `/attachments/${encodeURIComponent(id)}`;
}
