import { describe, expect, it } from '@jest/globals';
import { login, register, type Tokens } from '../../support/people.js';
import { startService } from '../../support/service.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import { connect, refusal } from '../../support/ws-client.js';

const PASSWORD = 'canary-password-71';
const TEXT = 'canary-text-72';
const JUNK = 'canary-junk-73';

describe('The log', () => {
  it('holds no password, no token, no message and no stack for what a client did wrong [S3] [S38]', async () => {
    const service = await startService({ env: { LOG_LEVEL: 'trace' } });
    const { access_token, refresh_token } = await register(service, 'canary', PASSWORD);
    await expect(login(service, 'canary', `${PASSWORD}x`)).rejects.toThrow('401');
    const socket = await connect(service.wsUrl, { token: access_token });
    await socket.next({ type: 2, user: null });
    socket.send({ type: 2, data: TEXT, ref: 'r' });
    await socket.next({ type: 6 });
    socket.send(`{"type":2,"data":"${JUNK}`);
    socket.send({ type: 77, data: JUNK });
    socket.send({ type: 3, to: JUNK, data: JUNK });
    await socket.take(3, { type: 7 });
    await connect(service.wsUrl, { token: `${JUNK}.${JUNK}.${JUNK}` }).then((one) => one.closed());
    await connect(service.wsUrl, { ticket: JUNK }).then((one) => one.closed());
    // A path that leads nowhere is logged, as that of any call; what it carries is not.
    await refusal(service.wsUrl.replace('/chat', '/nowhere'), { token: access_token });
    const client = await joinBySocketIo(service, { access_token, refresh_token } as Tokens, {
      query: { token: access_token },
    });
    const session = client.raw.io.engine.id;
    expect(await client.ask(2, { data: TEXT })).toMatchObject({ seq: 2 });
    expect(await client.ask(77, { data: JUNK })).toMatchObject({ code: 'unknown-type' });
    await fetch(`${service.url}/rooms/lobby/messages?token=${access_token}`);
    await service.stop();

    const logs = service.logs();
    expect(logs).toContain('"event":"connected"');
    const secrets = [PASSWORD, TEXT, JUNK, refresh_token, session, ...access_token.split('.')];
    for (const secret of secrets) expect(logs).not.toContain(secret);
    expect(logs).not.toMatch(/\n\s+at |"stack"/);
    for (const line of logs.trim().split('\n')) expect(JSON.parse(line)).toBeInstanceOf(Object);
  });

  it('has one line per event, whatever line breaks a client sends [S37]', async () => {
    const service = await startService({ env: { LOG_LEVEL: 'trace' } });
    const forged = '\r\n{"level":"error","event":"forged"}\n';
    const encoded = encodeURIComponent(forged);
    const { access_token: token } = await register(service, 'breaker', PASSWORD);
    await expect(register(service, `a${forged}`)).rejects.toThrow('400');
    const socket = await connect(service.wsUrl, {
      token,
      headers: { 'user-agent': encoded, 'x-request-id': encoded },
    });
    await socket.next({ type: 2, user: null });
    socket.send({ type: 3, to: `b${forged}`, data: 'x', ref: forged });
    await socket.next({ type: 7 });
    await socket.close(1000, forged);
    const refused = await connect(`${service.wsUrl}?resume=${encoded}`, { token: encoded });
    await refused.close(4000, forged).catch(() => undefined);
    await fetch(`${service.url}/${encoded}?${encoded}=${encoded}`, {
      headers: { 'x-forwarded-for': encoded, 'x-request-id': encoded },
    });
    await service.stop();

    const lines = service.logs().trim().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
      expect(JSON.parse(line)).not.toMatchObject({ event: 'forged' });
    }
    expect(lines.some((line) => line.includes('"event":"disconnected"'))).toBe(true);
  });
});
