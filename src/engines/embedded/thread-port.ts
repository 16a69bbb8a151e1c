import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Failure } from './thread-protocol.js';

export function portOfParent(): MessagePort {
  if (parentPort === null) throw new Error('This program runs as a thread of the service');
  return parentPort;
}

/** What SQLite said; for a defect of our own its message. */
export function toFailure(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'DEFECT',
    message: typeof message === 'string' ? message : 'unknown',
  };
}
