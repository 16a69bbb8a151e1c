// Sends files all at once, and reads them many times over, when the parent says so. It keeps one
// file's bytes in memory, and none of what it reads.
import { once } from 'node:events';
import { Agent, request } from 'node:http';

const [port = '', token = '', ...numbers] = process.argv.slice(2);
const [files = 0, bytes = 0, downloads = 0] = numbers.map(Number);
const AT_ONCE = 100;

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const content = Buffer.alloc(bytes, 'Parley ');
const authorization = `Bearer ${token}`;

/** @returns the answer's text, where it is wanted; else only its length */
async function call(method, path, headers, body, isWanted = true) {
  const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers });
  outgoing.end(body);
  const [answer] = await once(outgoing, 'response');
  let text = '';
  let length = 0;
  for await (const chunk of answer) {
    length += chunk.length;
    if (isWanted) text += chunk;
  }
  if (answer.statusCode >= 300) throw new Error(`${method} was answered with ${answer.statusCode}`);
  return { text, length };
}

async function announce() {
  const body = JSON.stringify({ name: 'file.bin', type: 'application/octet-stream', size: bytes });
  const headers = { authorization, 'content-type': 'application/json' };
  const { text } = await call('POST', '/attachments', headers, body);
  return JSON.parse(text);
}

const expected = [];
for (let i = 0; i < files; i++) expected.push(await announce());

const steps = {
  upload: async () => {
    const send = ({ upload }) =>
      call('PUT', upload.url, { ...upload.headers, 'content-length': bytes }, content);
    await Promise.all(expected.map(send));
    return files * bytes;
  },
  download: async () => {
    let next = 0;
    let read = 0;
    const lane = async () => {
      while (next < downloads) {
        const { id } = expected[next++ % files];
        const { length } = await call('GET', `/attachments/${id}`, { authorization }, '', false);
        read += length;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return read;
  },
};

process.on('message', async (step) => {
  const begun = performance.now();
  try {
    const moved = await steps[step]();
    process.send({ bytes: moved, seconds: (performance.now() - begun) / 1_000 });
  } catch (error) {
    process.send({ fault: String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');
