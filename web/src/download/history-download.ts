import { type Conversation, type ExportFormat, problemOf, type RestClient } from '@parley/client';

export interface HistoryRequest {
  readonly rest: RestClient;
  readonly conversation: Conversation;
  readonly format: ExportFormat;
  readonly accessToken: string;
  /** Stops the download, and with it the service's work. */
  readonly signal: AbortSignal;
  /** @param bytes received so far */
  readonly progress: (bytes: number) => void;
}

export interface HistoryFile {
  readonly name: string;
  readonly content: Blob;
}

/** What is received goes into a Blob in pieces of this size, which the browser keeps on disk. */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Fetches a whole history. A link could not carry the token, which has no place in a URL; so the
 * stream is read here, a few megabytes in memory at a time.
 * @throws RestError where the service refuses; DOMException where it was stopped
 */
export async function fetchHistory(request: HistoryRequest): Promise<HistoryFile> {
  const response = await fetch(request.rest.exportUrl(request.conversation, request.format), {
    headers: { authorization: `Bearer ${request.accessToken}` },
    signal: request.signal,
    credentials: 'omit',
  });
  if (!response.ok || response.body === null) throw await problemOf(response);
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  return {
    name: fileName(response.headers.get('content-disposition'), request),
    content: await collect(response.body, type, request.progress),
  };
}

async function collect(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  type: string,
  progress: (bytes: number) => void,
): Promise<Blob> {
  const pieces: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  let received = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    waiting += value.byteLength;
    received += value.byteLength;
    progress(received);
    if (waiting < PIECE_BYTES) continue;
    pieces.push(new Blob(chunks));
    chunks = [];
    waiting = 0;
  }
  return new Blob([...pieces, ...chunks], { type });
}

function fileName(disposition: string | null, request: HistoryRequest): string {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  const plain = /filename="([^"]+)"/i.exec(disposition ?? '')?.[1];
  return decoded(extended) ?? plain ?? `${request.conversation}.${request.format}`;
}

function decoded(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}
