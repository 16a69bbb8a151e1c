'use strict';
// Preloaded into every service that a test starts. The test holds the other end of stdin: when the
// test process is gone, however it ended, the service follows.
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
  process.stdin.on('error', () => process.kill(process.pid, 'SIGKILL'));
  process.stdin.resume();
  // The leash alone keeps no process alive.
  process.stdin.unref();
}
