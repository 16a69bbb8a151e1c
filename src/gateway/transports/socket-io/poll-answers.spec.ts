import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PollAnswers } from './poll-answers.js';

/** More than the kernel buffers for a peer that does not read. */
const LARGE = Buffer.alloc(24 * 1_048_576);

describe('The answers to polls', () => {
  const server = createServer();

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => {
    server.close();
  });

  /** A request on a connection of its own, whose answer nobody reads. */
  async function poll(): Promise<{ response: ServerResponse; client: Socket }> {
    const asked = once(server, 'request');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n');
    const [, response] = (await asked) as [unknown, ServerResponse];
    return { response, client };
  }

  it('are not waited for before they are given, nor after they were taken', async () => {
    const answers = new PollAnswers();
    expect(answers.wait()).toBeNull();
    const { response, client } = await poll();
    answers.answerWith(response);
    expect([answers.wait(), answers.unreadBytes]).toEqual([null, 0]);
    response.end('taken');
    client.resume();
    await once(response, 'close');
    expect([answers.wait(), answers.unreadBytes]).toEqual([null, 0]);
  });

  it('are waited for while they are not read, by one poll at a time [S46]', async () => {
    const answers = new PollAnswers();
    const { response, client } = await poll();
    answers.answerWith(response);
    response.end(LARGE);
    const turn = answers.wait();
    expect(answers.unreadBytes).toBeGreaterThan(LARGE.length / 2);
    expect(() => answers.wait()).toThrow('bad-request');
    client.resume();
    await turn;
    expect([answers.wait(), answers.unreadBytes]).toEqual([null, 0]);
  });

  it.each<[string, (client: Socket, answers: PollAnswers) => void]>([
    ['the client goes', (client) => client.destroy()],
    ['the session ends', (_client, answers) => answers.abandon()],
  ])('are waited for no more when %s', async (_why, end) => {
    const answers = new PollAnswers();
    const { response, client } = await poll();
    answers.answerWith(response);
    response.end(LARGE);
    const turn = answers.wait();
    end(client, answers);
    await turn;
    expect(answers.unreadBytes).toBe(0);
    client.destroy();
  });
});
