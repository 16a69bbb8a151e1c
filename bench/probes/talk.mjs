// Publishes batches for hear.mjs, as another node's journal would.
import { Logger } from '@nestjs/common';
import { RedisLink } from '../../dist/engines/redis/redis-link.js';
import { RedisMessageBus } from '../../dist/engines/redis/redis-message-bus.js';
import { SystemScheduler } from '../../dist/kernel/scheduler.js';

const AHEAD = 1_000;

Logger.overrideLogger(false);
const size = Number(process.argv[2]);
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

let seq = 0;
const event = () => ({
  conversation: 'room:lobby',
  seq: ++seq,
  n: seq,
  id: `01JD${String(seq).padStart(22, '0')}`,
  time: Date.now(),
  author: { id: `01JC${'0'.repeat(22)}`, username: 'probe' },
  to: null,
  kind: 'message',
  target: null,
  body: 'x'.repeat(200),
  origin: 'probe.1',
});
const talk = (batches) => {
  for (let count = 0; count < batches; count += 1) {
    void bus.publish(Array.from({ length: size }, event));
  }
};

process.on('message', talk);
process.once('disconnect', () => process.exit());
talk(AHEAD);
