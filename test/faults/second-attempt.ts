import { once } from 'node:events';
import { DirectWriter } from '../../src/gateway/wire/direct-writer.js';
import { proveDirectWrites } from '../../src/gateway/wire/direct-writer-proof.js';
import { openPair } from '../../src/gateway/wire/socket-pair.js';

const PIECES = 200;
const PIECE = 1_000;

// Run as a program of its own: when it is told to, proves direct writes, then writes as the hub does, and
// says how, and how many bytes came.
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const proof = await proveDirectWrites();
const direct = 'direct' in proof ? proof.direct : null;
const { near, far } = await openPair();
let arrived = 0;
far.on('data', (chunk) => {
  arrived += chunk.length;
  if (arrived < PIECES * PIECE) return;
  const how = direct === null ? 'through the stream' : 'directly';
  process.stdout.write(`${how} ${String(arrived)}\n`);
});
const writer = new DirectWriter(near, direct);
for (let count = 0; count < PIECES; count++) writer.write(Buffer.alloc(PIECE, count));
