import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type RunningApp, startApp } from '../../support/app.js';
import { describeWith } from '../../support/requirements.js';
import { enter } from '../../support/people.js';
import { connect, refusal } from '../../support/ws-client.js';

const run = promisify(execFile);

let service: RunningApp;

beforeAll(async () => {
  service = await startApp();
});

describeWith('curl', 'curl, which offers HTTP/2 on plain HTTP', () => {
  async function curl(path: string, ...more: readonly string[]): Promise<string> {
    const { stdout } = await run('curl', ['-sS', '--http2', ...more, service.url + path]);
    return stdout;
  }

  it('is answered as if it had not', async () => {
    expect(JSON.parse(await curl('/health/live'))).toEqual({ status: 'ok' });
    expect(await curl('/health/live', '--head')).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('may send a body', async () => {
    const json = ['-H', 'content-type: application/json', '-d', '{"username":"curly"}'];
    expect(JSON.parse(await curl('/auth/guest', ...json))).toMatchObject({
      user: { username: 'curly' },
    });
  });
});

describe('an offer of WebSocket', () => {
  it('is passed over where there is no socket', async () => {
    const { status, body } = await refusal(service.wsUrl.replace('/chat', '/health/live'));
    expect([status, body]).toEqual([200, '{"status":"ok"}']);
  });

  it('is taken on for a socket, beside another one', async () => {
    const { socket, tokens } = await enter(service, 'ann');
    const headers = { upgrade: 'h2c, websocket' };
    const other = await connect(service.wsUrl, { token: tokens.access_token, headers });
    await other.next({ type: 2, user: null });
    await socket.close();
  });
});
