import { workerData } from 'node:worker_threads';
import { openWriter } from './connection.js';
import { giveWay } from './give-way.js';
import { IndexWriter } from './index-writer.js';
import { StatementRunner } from './statement-runner.js';
import { opened, portOfParent, toFailure } from './thread-port.js';
import {
  type Answers,
  type Command,
  type IndexRow,
  READY,
  type Reply,
  type Request,
  type ThreadData,
} from './thread-protocol.js';

const port = portOfParent();
giveWay();
let writer: IndexWriter;
const { connection, watch } = opened(workerData as ThreadData, (file) => {
  const opening = openWriter(file);
  try {
    writer = new IndexWriter(opening);
  } catch (error) {
    opening.close();
    throw error;
  }
  return opening;
});
const statements = new StatementRunner(connection);

function carryOut(command: Command): Answers[keyof Answers] {
  watch.check();
  if (command.op === 'run') return statements.run(command);
  if (command.op !== 'index') throw new Error('The indexer only puts messages in its index');
  writer.put(JSON.parse(command.rows) as IndexRow[]);
  watch.check(true);
  return null;
}

port.on('message', ({ id, command }: Request) => {
  if (command.op === 'close') {
    connection.close();
    port.postMessage({ id, value: null } satisfies Reply);
    port.close();
    return;
  }
  try {
    port.postMessage({ id, value: carryOut(command) } satisfies Reply);
  } catch (error) {
    const failure = toFailure(error);
    // What a failed sync left in the log is not known to this connection: the next one reads it anew.
    if (failure.code.startsWith('SQLITE_IOERR')) throw error;
    port.postMessage({ id, failure } satisfies Reply);
  }
});
port.postMessage(READY);
