import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter } from '../../support/people.js';
import { Example } from './program.js';

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ PRESENCE_GRACE: '0' });
});

describe('examples/native-client.mjs', () => {
  it('prints what is said, says what is typed, and leaves at the end of its input', async () => {
    const { socket: ann } = await enter(service, 'ann');
    const client = new Example('native-client.mjs', [service.url]);
    await client.prints(/^\*: Welcome to the chat$/m);

    ann.send({ type: 2, data: 'hello' });
    await client.prints(/^ann: hello$/m);
    client.type('hello, ann');
    const { user } = await ann.next({ type: 2, data: 'hello, ann' });

    expect(await client.hangUp()).toBe(0);
    await ann.next((frame) => frame.type === 5 && frame.user?.id === user?.id);
  });
});

describe('examples/bot.mjs', () => {
  it('answers in the lobby and in private, and nobody who asks for nothing', async () => {
    const { socket: ben } = await enter(service, 'ben');
    const bot = new Example('bot.mjs', [service.url, 'dice']);
    await bot.prints(/^online$/m);

    ben.send({ type: 2, data: 'nothing' });
    ben.send({ type: 2, data: '!roll' });
    await ben.next((frame) => frame.type === 2 && /^ben rolled [1-6]$/.test(String(frame.data)));
    ben.send({ type: 3, to: 'dice', data: '!roll' });
    await ben.next((frame) => frame.type === 3 && /^ben rolled [1-6]$/.test(String(frame.data)));
    const answers = ben.frames.filter(({ user }) => user?.username === 'dice');
    expect(answers.filter(({ type }) => type === 2 || type === 3)).toHaveLength(2);

    bot.signal('SIGTERM');
    expect(await bot.ended()).toBe(0);
    await ben.next((frame) => frame.type === 5 && frame.user?.username === 'dice');
  });
});

describe('examples/room-bot.mjs', () => {
  it('makes a room, brings somebody in and greets them, and tells what is unread', async () => {
    const { socket: eve } = await enter(service, 'eve');
    const bot = new Example('room-bot.mjs', [service.url, 'greeting', 'eve']);
    await bot.prints(/^made greeting$/m);
    await eve.next({ type: 2, room: 'greeting', data: 'Welcome, eve!' });
    eve.send({ type: 2, room: 'greeting', data: 'thank you' });
    await bot.prints(/^Greetings: 1 unread$/m);

    bot.signal('SIGTERM');
    expect(await bot.ended()).toBe(0);
  });
});
