import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openWriter } from './connection.js';
import { opened, portOfParent } from './thread-port.js';
import { READY, type Request, type ThreadData } from './thread-protocol.js';
import { Writer } from './writer.js';

/** Requests per group: bounds how long the first of a group waits for the last. */
const MAX_GROUP = 256;

const port = portOfParent();
const { connection, watch } = opened(workerData as ThreadData, openWriter);
const writer = new Writer(connection, watch, (reply) => {
  port.postMessage(reply);
});

port.on('message', (first: Request) => {
  const requests = [first];
  while (requests.length < MAX_GROUP) {
    const next = receiveMessageOnPort(port) as { message: Request } | undefined;
    if (next === undefined) break;
    requests.push(next.message);
  }
  if (writer.handle(requests) === 'closed') port.close();
});
port.postMessage(READY);
