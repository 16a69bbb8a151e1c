import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Schema } from '../../conformance/schema-values.js';
import { Contract } from './contract.js';

type Responses = Readonly<Record<string, ResponseRule | Reference>>;

interface Reference {
  readonly $ref: string;
}

interface ResponseRule {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, ResponseRule>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
  };
}

/** What is read of an operation. */
export interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Responses;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

export interface Call {
  /** Values for the path's parameters. */
  readonly path?: Readonly<Record<string, string>> | undefined;
  readonly query?: string | undefined;
  readonly body?: unknown;
  readonly token?: string | undefined;
  /** The body's type: JSON unless given. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly came: string;
  readonly body: unknown;
}

/** Calls the service, and holds each answer against what the OpenAPI document says of it. */
export class HttpContract {
  readonly contract = new Contract<OpenApi>('openapi.json');
  /** `METHOD path status` of every answer so far. */
  readonly seen = new Set<string>();

  constructor(private readonly url: string) {}

  /** `METHOD path` of every operation. */
  get operations(): readonly string[] {
    return Object.entries(this.contract.document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** `METHOD path status` of every answer in the document. */
  get answers(): readonly string[] {
    return this.operations.flatMap((operation) =>
      Object.keys(this.responsesOf(operation)).map((status) => `${operation} ${status}`),
    );
  }

  /**
   * @param operation such as `GET /rooms/{room}/messages`
   * @returns the body
   * @throws Error where the answer is another one, or not as the document says
   */
  async call<Body = unknown>(operation: string, status: number, call: Call = {}): Promise<Body> {
    const answer = await this.attempt(operation, call);
    if (answer.status !== status) {
      const { status: other, came } = answer;
      throw new Error(`${operation} ${String(other)}, not ${String(status)}: ${came}`);
    }
    return answer.body as Body;
  }

  /**
   * Takes whatever the answer is, as long as the document knows it.
   * @throws Error where the answer is not as the document says
   */
  async attempt(operation: string, call: Call = {}): Promise<Answer> {
    return this.judge(operation, await this.request(operation, call));
  }

  private async judge(operation: string, response: Response): Promise<Answer> {
    const came = await response.text();
    const what = `${operation} ${String(response.status)}`;
    const body = parse(came, response.headers.get('content-type') ?? '');
    const fault = this.faultOf(operation, response, body);
    if (fault !== null) throw new Error(`${what}: ${fault}: ${came.slice(0, 500)}`);
    this.seen.add(what);
    return { status: response.status, came, body };
  }

  /** What the document says of an operation, its parameters looked up. */
  describe(
    operation: string,
  ): Omit<Operation, 'parameters'> & { readonly parameters: readonly Parameter[] } {
    const [method = '', path = ''] = operation.split(' ');
    const found = this.contract.document.paths[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`there is no ${operation}`);
    const { parameters } = this.contract.document.components;
    const resolved = (found.parameters ?? []).flatMap((one) =>
      '$ref' in one ? (parameters[one.$ref.slice(one.$ref.lastIndexOf('/') + 1)] ?? []) : one,
    );
    return { ...found, parameters: resolved };
  }

  /**
   * The same for what no client means to send: with these headers, and a body whatever the method.
   * @param unsent bytes that the request announces besides, and never sends
   */
  async callOddly(
    operation: string,
    status: number,
    headers: Readonly<Record<string, string>>,
    body = '',
    unsent = 0,
  ): Promise<void> {
    const [method = '', pattern = ''] = operation.split(' ');
    const answer = await new Promise<Response>((resolve, reject) => {
      const length = Buffer.byteLength(body) + unsent;
      const call = request(`${this.url}${pattern.replaceAll(/\{\w+\}/g, 'lobby')}`, {
        method,
        headers: { connection: 'close', ...headers, 'content-length': String(length) },
      });
      call.on('response', (response) => {
        void text(response).then((came) => {
          const type = response.headers['content-type'] ?? '';
          const init = { status: response.statusCode ?? 0, headers: { 'content-type': type } };
          resolve(new Response(came, init));
        }, reject);
      });
      call.on('error', reject);
      call.write(body);
      if (unsent === 0) call.end();
      else call.flushHeaders();
    });
    const { status: other, came } = await this.judge(operation, answer);
    if (other !== status) {
      throw new Error(`${operation} ${String(other)}, not ${String(status)}: ${came}`);
    }
  }

  private async request(operation: string, call: Call): Promise<Response> {
    const { path, query, body, token, type = 'application/json', headers = {} } = call;
    const [method = '', pattern = ''] = operation.split(' ');
    const target = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(path?.[name] ?? ''),
    );
    return await fetch(`${this.url}${target}${query === undefined ? '' : `?${query}`}`, {
      method,
      headers: {
        ...(token !== undefined && token !== '' && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
    });
  }

  private faultOf(operation: string, response: Response, body: unknown): string | null {
    const rule = this.responsesOf(operation)[String(response.status)];
    if (rule === undefined) return 'this status is not in the document';
    const { content } = '$ref' in rule ? this.resolve(rule) : rule;
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (content === undefined) return body === '' ? null : 'the document knows no body';
    const media = content[type];
    if (media === undefined) return `the type ${type} is not in the document`;
    return this.contract.fault(media.schema, body);
  }

  private responsesOf(operation: string): Responses {
    const [method = '', path = ''] = operation.split(' ');
    return this.contract.document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  }

  private resolve({ $ref }: Reference): ResponseRule {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return this.contract.document.components.responses[name] ?? {};
  }
}

function parse(text: string, type: string): unknown {
  // An answer to HEAD has a type and no text.
  return text !== '' && /^application\/(problem\+)?json/.test(type) ? JSON.parse(text) : text;
}

function isRaw(body: unknown): body is string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body);
}
