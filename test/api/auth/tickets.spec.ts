import { beforeAll, describe, expect, it } from '@jest/globals';
import { TicketService } from '../../../src/auth/tokens/ticket.service.js';
import { type AuthApp, startAuthApp } from './auth-app.js';

let app: AuthApp;
let tickets: TicketService;

beforeAll(async () => {
  app = await startAuthApp();
  tickets = app.app.get(TicketService);
});

async function guestToken(): Promise<string> {
  const { body } = await app.post('/auth/guest');
  return String(body?.['access_token']);
}

async function buy(token: string): Promise<string> {
  const { body } = await app.post('/auth/ticket', undefined, { token });
  return String(body?.['ticket']);
}

describe('POST /auth/ticket', () => {
  it('answers 201 with a ticket and its life in seconds', async () => {
    const token = await guestToken();
    const { status, headers, body } = await app.post('/auth/ticket', undefined, { token });

    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ ticket: expect.stringMatching(/^[\w-]{43}$/), expires_in: 30 });
  });

  it('sells nothing without a token', async () => {
    expect((await app.post('/auth/ticket')).body).toMatchObject({ code: 'unauthorized' });
  });
});

describe('a ticket', () => {
  it('stands for the identity of the token that it was bought with', async () => {
    const token = await guestToken();
    const me = await app.get('/auth/me', { token });

    const identity = await tickets.redeem(await buy(token));

    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const { sid, exp } = JSON.parse(payload) as { sid: string; exp: number };
    expect(identity).toEqual({
      user: { id: me.body?.['id'], username: me.body?.['username'] },
      sessionId: sid,
      expiresAt: exp * 1000,
    });
  });

  it('is good for one of fifty who come with it at once [S4]', async () => {
    const ticket = await buy(await guestToken());

    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, async () => tickets.redeem(ticket)),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ code: 'invalid-token' });
      }
    }
  });

  it('is worth nothing after 30 seconds [S4]', async () => {
    const ticket = await buy(await guestToken());
    app.clock.advance(30_000);

    await expect(tickets.redeem(ticket)).rejects.toMatchObject({ code: 'invalid-token' });
  });

  it('is worth nothing after its session has ended', async () => {
    const token = await guestToken();
    const ticket = await buy(token);
    await app.post('/auth/logout', undefined, { token });

    await expect(tickets.redeem(ticket)).rejects.toMatchObject({ code: 'invalid-token' });
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(100_000), "' OR 1=1 --"])(
    'that was never sold is refused',
    async (ticket) => {
      await expect(tickets.redeem(ticket)).rejects.toMatchObject({ code: 'invalid-token' });
    },
  );

  it('is no access token', async () => {
    const ticket = await buy(await guestToken());

    expect((await app.get('/auth/me', { token: ticket })).status).toBe(401);
  });
});
