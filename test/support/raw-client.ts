import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { until } from './bounded.js';

/** What a client did with one connection. */
export class RawClient {
  text = '';
  readonly socket: Socket;

  constructor(server: Server) {
    const { port } = server.address() as AddressInfo;
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
  }

  read(): this {
    this.socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    return this;
  }

  send(text: string): this {
    this.socket.write(text);
    return this;
  }

  get statuses(): readonly number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  }

  get bodies(): readonly string[] {
    return [...this.text.matchAll(/<([^>]*)>/g)].map(([, body]) => body ?? '');
  }

  async until(isSo: () => boolean): Promise<void> {
    await eventually(isSo, () => `${String(this.socket.closed)}: ${this.text.slice(0, 2_000)}`);
  }

  async end(): Promise<void> {
    await this.until(() => this.socket.closed);
  }
}

export async function eventually(isSo: () => boolean, seen: () => string): Promise<void> {
  const look = (): Promise<true | null> => Promise.resolve(isSo() || null);
  await until(look, 'what is expected', seen);
}

/** A request without a body. */
export function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

/** A request that offers to change to another protocol. */
export function offering(protocol: string, request = 'GET /plain', body = ''): string {
  return `${request} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n${body}`;
}
