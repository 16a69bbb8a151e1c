// Receives batches as a node does, from a sender in another process, which is told the progress.
import { fork } from 'node:child_process';
import { Logger } from '@nestjs/common';
import { RedisLink } from '../../dist/engines/redis/redis-link.js';
import { RedisMessageBus } from '../../dist/engines/redis/redis-message-bus.js';
import { SystemScheduler } from '../../dist/kernel/scheduler.js';
import { probe } from './probe.mjs';

/** Batches between two progress reports to the sender, which is at most four times as far ahead. */
const STEP = 250;

Logger.overrideLogger(false);
const [, , size] = process.argv;
const scheduler = new SystemScheduler();
const options = {
  url: process.env.REDIS_URL,
  prefix: 'probe',
  secret: 'known to both',
  timeoutMs: 5_000,
};
const link = new RedisLink(options, scheduler);
await link.start();
const bus = new RedisMessageBus(link, scheduler);
await bus.start();
await bus.follow('room:lobby');

let heard = 0;
let wake = () => undefined;
const talker = fork(new URL('talk.mjs', import.meta.url), [size]);
bus.subscribe(() => {
  heard += 1;
  if (heard % STEP !== 0) return;
  talker.send(STEP);
  wake();
});

await probe(
  () =>
    new Promise((resolve) => {
      wake = () => resolve(STEP);
    }),
);
