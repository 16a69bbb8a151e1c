import { expect } from '@jest/globals';
import { type ConformanceCase, expectEnd, leave, nextAnswer, remark } from './case.js';
import { chopped, close, frame, Opcode, ping, text } from './frames.js';
import { expectSwitch, expectWelcome, requestText, upgradeRequest } from './handshake.js';
import { Wire } from './wire.js';

/** How the bytes of the request and those of the first frames reach the service. */
type Delivery = (request: Buffer, frames: Buffer) => readonly Buffer[];

/** Frames that the client sends without waiting for the answer to its handshake. */
function early(
  name: string,
  frames: readonly Buffer[],
  answers: readonly string[],
  delivery: Delivery = (request, bytes) => [Buffer.concat([request, bytes])],
): ConformanceCase {
  return {
    name,
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      const request = Buffer.from(requestText(upgradeRequest(tokens.access_token)));
      await wire.writeApart(delivery(request, Buffer.concat(frames)));
      expectSwitch(await wire.head());
      await expectWelcome(wire);
      for (const answer of answers) expect(await nextAnswer(wire)).toBe(answer);
      const isOver = answers.at(-1)?.startsWith('close') ?? false;
      await (isOver ? expectEnd(wire) : leave(wire));
    },
  };
}

const PLAIN = 'GET /health/live HTTP/1.1\r\nHost: chat.example.org\r\n\r\n';

async function answerOf(wire: Wire): Promise<{ status: number; body: string }> {
  const { status, headers } = await wire.head();
  return { status, body: await wire.body(Number(headers.get('content-length')?.[0])) };
}

const list = (ref: string): Buffer => text(JSON.stringify({ type: 1, ref }));

export const EARLY: readonly ConformanceCase[] = [
  early('a text in the segment of the request', [list('e1')], ['list e1']),
  early(
    'texts and half a text',
    [list('e2'), list('e3')],
    ['list e2', 'list e3'],
    (request, bytes) => [
      Buffer.concat([request, bytes.subarray(0, bytes.length - 9)]),
      bytes.subarray(bytes.length - 9),
    ],
  ),
  early('a ping in the segment of the request', [ping('e')], ['pong 65']),
  early('a close in the segment of the request', [close(1000)], ['close 1000']),
  early('a broken frame in the segment of the request', [frame({ opcode: 3 })], ['close 1002']),
  early(
    'an unmasked frame in the segment of the request',
    [frame({ opcode: Opcode.Text, payload: '{"type":1}', mask: null })],
    ['close 1002'],
  ),
  early('a text right behind the request', [list('e4')], ['list e4'], (request, bytes) => [
    request,
    bytes,
  ]),
  early('request and text byte by byte', [list('e5')], ['list e5'], (request, bytes) => [
    ...chopped(request),
    ...chopped(bytes),
  ]),
  early('a request cut before its last byte', [list('e6')], ['list e6'], (request, bytes) => [
    request.subarray(0, request.length - 1),
    Buffer.concat([request.subarray(request.length - 1), bytes]),
  ]),
  {
    name: 'an empty line before the request',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(`\r\n${requestText(upgradeRequest(tokens.access_token))}`);
      expectSwitch(await wire.head());
      await expectWelcome(wire);
      await leave(wire);
    },
  },
  {
    name: 'an upgrade on a connection that was used for a plain request',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(PLAIN);
      expect(await answerOf(wire)).toEqual({ status: 200, body: '{"status":"ok"}' });
      wire.write(requestText(upgradeRequest(tokens.access_token)));
      expectSwitch(await wire.head());
      await expectWelcome(wire);
      await leave(wire);
    },
  },
  {
    name: 'an upgrade behind plain requests that are answered first',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(PLAIN.repeat(3) + requestText(upgradeRequest(tokens.access_token)));
      for (let i = 0; i < 3; i++) expect((await answerOf(wire)).status).toBe(200);
      expectSwitch(await wire.head());
      await expectWelcome(wire);
      await leave(wire);
    },
  },
  {
    name: 'a text of somebody who is not let in is not heard',
    run: async ({ port }) => {
      const wire = new Wire(port);
      wire.write(
        Buffer.concat([Buffer.from(requestText(upgradeRequest('nonsense'))), text(remark().json)]),
      );
      expectSwitch(await wire.head());
      expect(await nextAnswer(wire)).toBe('error invalid-token');
      expect(await nextAnswer(wire)).toBe('close 4401');
      await expectEnd(wire);
    },
  },
];
