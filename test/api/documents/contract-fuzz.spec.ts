import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { CANARY, type Json, mutate } from '../../conformance/mutations.js';
import { Random } from '../../conformance/random.js';
import { type Schema, SchemaValues } from '../../conformance/schema-values.js';
import { enter, guest, join, type Member, type Tokens } from '../../support/people.js';
import { type Service, startService } from '../../support/service.js';
import type { ChatSocket, Frame } from '../../support/ws-client.js';
import { Contract } from './contract.js';
import { type Call, HttpContract } from './http-contract.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 32));
const CALLS = Number(process.env['FUZZ_CALLS'] ?? 600);
const FRAMES = Number(process.env['FUZZ_CONTRACT_FRAMES'] ?? 1_500);

/** An export is a page of everything; one of each kind is called elsewhere. */
const SELDOM = '/export';

interface AsyncApi {
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { $ref: string }[] }>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** As a client would put it into an address. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

describe(`What is made from the documents of the contract (FUZZ_SEED=${String(SEED)})`, () => {
  const random = new Random(SEED);
  let service: Service;
  let bystander: Member;

  beforeAll(async () => {
    service = await startService({ env: { LOG_LEVEL: 'warn', MAX_SYNC_MESSAGES: '50' } });
    bystander = await enter(service, 'bystander');
  });

  it(`is answered over HTTP as the document says: ${String(CALLS)} calls`, async () => {
    const http = new HttpContract(service.url);
    const { schemas } = http.contract.document.components;
    const values = new SchemaValues(schemas, random);
    const operations = http.operations.filter((name) => !name.startsWith('GET /chat'));
    let tokens = await guest(service);
    for (let i = 0; i < CALLS; i++) {
      const operation = random.pick(operations);
      if (operation.endsWith(SELDOM) && random.chance(0.9)) continue;
      const call = callOf(http, operation, values, tokens);
      const { status } = await http.attempt(operation, call).catch((error: unknown) => {
        throw new Error(`call ${String(i)}: ${JSON.stringify(call).slice(0, 500)}`, {
          cause: error,
        });
      });
      expect(status).not.toBe(500);
      // It has logged itself out, or another way.
      if (status === 401 && call.token === tokens.access_token) tokens = await guest(service);
    }
  });

  /** Most of it as it should be, so that what is wrong is seen by whoever judges it. */
  function callOf(http: HttpContract, operation: string, values: SchemaValues, me: Tokens): Call {
    const { parameters, requestBody } = http.describe(operation);
    const valueOf = (schema: Schema): string =>
      random.chance(0.7) ? textOf(values.of(schema)) : textOf(mutate('', random));
    const queries = parameters.filter((one) => one.in === 'query' && random.chance(0.5));
    const doubled = random.chance(0.1) ? [...queries, ...queries] : queries;
    const schema = requestBody?.content['application/json']?.schema;
    const body = schema === undefined ? undefined : (values.of(schema) as Json);
    return {
      path: Object.fromEntries(
        parameters
          .filter((one) => one.in === 'path')
          .map(({ name, schema: of }) => [
            name,
            random.pick(['lobby', 'bystander', valueOf(of) || '-']),
          ]),
      ),
      query: new URLSearchParams(
        doubled.map(({ name, schema: of }): [string, string] => [name, valueOf(of)]),
      ).toString(),
      body: body !== undefined && random.chance(0.5) ? mutate(body, random) : body,
      token: random.pick([me.access_token, me.access_token, me.access_token, CANARY, '']),
    };
  }

  it(`is answered on the socket as the document says: ${String(FRAMES)} frames`, async () => {
    const contract = new Contract<AsyncApi>('asyncapi.json');
    const { schemas } = contract.document.components;
    const values = new SchemaValues(schemas, random);
    const namesOf = (action: string): readonly string[] =>
      Object.values(contract.document.operations)
        .filter((operation) => operation.action === action)
        .flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split('/').at(-1) ?? ''));
    const [received, sent] = [namesOf('receive'), namesOf('send')];

    let tokens = await guest(service);
    let socket: ChatSocket | null = null;
    let wrong = 0;
    for (let i = 0; i < FRAMES; i++) {
      // Whoever keeps erring is put out, as the protocol says.
      if (socket === null || socket.raw.readyState !== socket.raw.OPEN || wrong >= 20) {
        await socket?.terminate();
        wrong = 0;
        tokens = await guest(service);
        socket = await join(service, tokens);
      }
      const ref = `fuzz-${String(i)}`;
      const made = values.of({ $ref: random.pick(received) }) as { readonly type: number };
      // Any other token would end the connection.
      const right = { ...made, ...(made.type === 9 ? { data: tokens.access_token } : {}), ref };
      if (random.chance(0.4)) {
        socket.send(JSON.stringify(mutate(right, random)));
        // A token that is not right ends the connection, as the protocol says.
        wrong += made.type === 9 ? 20 : 1;
        continue;
      }
      socket.send(right);
      // Nothing answers it but a Reject, which is looked at with what comes next.
      if (made.type === 10) continue;
      const answer = await socket.next(
        (frame) => frame.ref === ref && frame.type !== 2 && frame.type !== 3,
      );
      expectFits(socket.frames.splice(0), sent, contract);
      // What the document calls right is refused for what it says, not for how.
      if (isBeyondSchemas(made.type, answer.field)) continue;
      expect(['invalid-field', 'unknown-type', 'unknown-field', 'bad-frame']).not.toContain(
        answer.code,
      );
    }
  });

  function expectFits(
    frames: readonly Frame[],
    sent: readonly string[],
    contract: Contract<AsyncApi>,
  ): void {
    for (const frame of frames) {
      const fits = sent.filter((name) => contract.fault(name, frame) === null);
      if (fits.length !== 1)
        throw new Error(`${JSON.stringify(frame)} is ${fits.join() || 'none'}`);
    }
  }

  it('and nobody else noticed, nor did the log', async () => {
    await bystander.socket.roundTrip();
    expect(bystander.socket.frames.filter(({ type }) => type === 0 || type === 7)).toEqual([]);
    expect(
      service
        .logs()
        .split('\n')
        .filter((line) => /"level":"(error|fatal)"/.test(line)),
    ).toEqual([]);
    expect(service.logs()).not.toContain(CANARY);
  });
});

/**
 * What no schema says: which texts are an emoji; that `also` belongs to a message of a thread; that a
 * range ends where it began or later; that a conversation is named once; that a text is empty only beside
 * files, each of which is named once.
 */
function isBeyondSchemas(type: number, field: unknown): boolean {
  const isChange = [FrameType.Edit, FrameType.Deletion, FrameType.Reaction, FrameType.Pin].some(
    (one) => one === type,
  );
  if (isChange && field === 'to') return true;
  if (type === FrameType.Deletion) return field === 'target';
  const isMessage = type === FrameType.GroupChat || type === FrameType.SingleChat;
  if (isMessage && (field === 'data' || field === 'attachments')) return true;
  return (type === FrameType.Reaction && field === 'data') || field === 'also';
}
