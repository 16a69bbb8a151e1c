// People connect and disconnect on one node, beside a given number who stay.
import { Logger } from '@nestjs/common';
import { RedisLink } from '../../dist/engines/redis/redis-link.js';
import { RedisPresenceStore } from '../../dist/engines/redis/redis-presence-store.js';
import { SystemScheduler } from '../../dist/kernel/scheduler.js';
import { probe } from './probe.mjs';

const LANES = 64;

Logger.overrideLogger(false);
const residents = Number(process.argv[2]);
const scheduler = new SystemScheduler();
const options = {
  url: process.env.REDIS_URL,
  prefix: 'probe',
  secret: 'known to both',
  timeoutMs: 5_000,
};
const link = new RedisLink(options, scheduler);
await link.start();
const presence = new RedisPresenceStore(link, scheduler);
await presence.start();

let made = 0;
const person = () => {
  const number = String(made++).padStart(22, '0');
  return { id: `01JC${number}`, username: `guest-${number}` };
};

while (made < residents) {
  await Promise.all(
    Array.from({ length: LANES }, () => presence.arrive(person(), 'one', Date.now())),
  );
}

await probe(async () => {
  const somebody = person();
  await presence.arrive(somebody, 'one', Date.now());
  await presence.depart(somebody, 'one');
  return 2;
}, LANES);
