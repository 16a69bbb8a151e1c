import { workerData } from 'node:worker_threads';
import { openReader } from './connection.js';
import { StatementRunner } from './statement-runner.js';
import { opened, portOfParent, toFailure } from './thread-port.js';
import { READY, type Reply, type Request, type ThreadData } from './thread-protocol.js';

const port = portOfParent();
const { connection, watch } = opened(workerData as ThreadData, openReader);
const statements = new StatementRunner(connection);

port.on('message', ({ id, command }: Request) => {
  if (command.op === 'close') {
    connection.close();
    port.postMessage({ id, value: null } satisfies Reply);
    port.close();
    return;
  }
  try {
    watch.check();
    if (command.op !== 'run') throw new Error('The reader only runs statements');
    port.postMessage({ id, value: statements.run(command) } satisfies Reply);
  } catch (error) {
    port.postMessage({ id, failure: toFailure(error) } satisfies Reply);
  }
});
port.postMessage(READY);
