'use strict';
// Preloaded (`--require`) into the service: a Node in which only its own streams may write to a
// socket's handle; others get an error, as from native code.
const { connect, createServer } = require('node:net');

const server = createServer().listen(0, '127.0.0.1', () => {
  const socket = connect(server.address().port, '127.0.0.1', () => {
    const shared = Object.getPrototypeOf(Object.getPrototypeOf(socket._handle));
    const { writeBuffer } = shared;
    shared.writeBuffer = function (...args) {
      if (!new Error().stack.includes('node:internal/stream_base_commons')) {
        throw new TypeError('Illegal invocation');
      }
      return Reflect.apply(writeBuffer, this, args);
    };
    socket.destroy();
    server.close();
  });
});
