import { Agent, request, type IncomingMessage } from 'node:http';

/** A request. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
}

/** Makes requests over keep-alive connections. */
export class HttpCaller {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws where the status isn't 2xx. */
  async text(call: Call): Promise<string> {
    let text = '';
    for await (const chunk of await this.open(call)) text += String(chunk);
    return text;
  }

  /** @returns the response, its body unread. @throws where the status isn't 2xx */
  async open({ method, path, token, body }: Call): Promise<IncomingMessage> {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(payload !== '' && {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(payload),
      }),
    };
    return new Promise((resolve, reject) => {
      const { agent, port } = this;
      const outgoing = request({ agent, port, host: '127.0.0.1', method, path, headers });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          resolve(response);
          return;
        }
        response.resume();
        reject(new Error(`${method} ${path} was answered with ${status}`));
      });
      outgoing.end(payload);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
