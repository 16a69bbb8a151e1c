import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ManagementServer } from '../../../src/operations/management-server.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join, type Member, register } from '../../support/people.js';
import { refusal } from '../../support/ws-client.js';

const CANARY = 'canary7f3a91';
const DOCUMENT = new URL('../../../docs/operations.md', import.meta.url);

/** By name and labels, as they stand in the text. */
type Metrics = ReadonlyMap<string, number>;

async function startMeasured(): Promise<RunningApp & { readonly scrape: () => Promise<string> }> {
  const service = await startApp({ MANAGEMENT_PORT: '0' });
  const { port } = service.app.get(ManagementServer, { strict: false });
  const scrape = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    return await response.text();
  };
  return { ...service, scrape };
}

function parse(text: string): Metrics {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** Names with their kind, as the text declares them. */
function declared(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => `${name} ${kind}`);
}

/** The names and kinds in the tables under "Watching it". */
function documented(): readonly string[] {
  const document = readFileSync(DOCUMENT, 'utf8');
  const section = document.slice(document.indexOf('\n## Watching it\n')).split('\n## ')[1] ?? '';
  const rows = section.matchAll(/^\| `((?:parley|process|nodejs)_[a-z_0-9]+)[^|]*\| (\w+) /gm);
  return [...rows].map(([, name, kind]) => `${name} ${kind}`);
}

describe('metrics', () => {
  it('are those that docs/operations.md lists, and no others', async () => {
    const { scrape } = await startMeasured();
    // Elsewhere some of the process's own are missing.
    const isHere = (name: string) => process.platform === 'linux' || name.startsWith('parley_');
    const exposed = declared(await scrape()).filter(isHere);
    expect([...documented()].filter(isHere).sort()).toEqual([...exposed].sort());
  });
});

describe('metrics after a conversation', () => {
  let service: Awaited<ReturnType<typeof startMeasured>>;
  let ann: Member;
  let bob: Member;
  let metrics: Metrics;

  beforeAll(async () => {
    service = await startMeasured();
    ann = await enter(service, 'ann');
    bob = await enter(service, 'bob');
    for (const ref of ['r1', 'r2', 'r3', 'r3']) {
      ann.socket.send({ type: 2, data: `text of ${ref}`, ref });
      await ann.socket.next({ type: 6, ref });
    }
    ann.socket.send({ type: 2, data: 'something else', ref: 'r3' });
    await ann.socket.next({ type: 7, code: 'ref-conflict' });
    ann.socket.send({ type: 3, to: 'bob', data: 'psst', ref: 'r4' });
    await ann.socket.next({ type: 6, ref: 'r4' });
    ann.socket.send({ type: 99 });
    await ann.socket.next({ type: 7, code: 'unknown-type' });
    await bob.socket.take(3, { type: 2, room: 'lobby' });
    await bob.socket.next({ type: 3 });
    await fetch(`${service.url}/rooms/lobby/messages`);
    await refusal(`${service.wsUrl}-nothing`);
    metrics = parse(await service.scrape());
  });

  it.each([
    ['parley_connections{transport="websocket"}', 2],
    ['parley_connections_opened_total{transport="websocket"}', 2],
    ['parley_people', 2],
    ['parley_frames_received_total{type="GroupChat"}', 5],
    ['parley_frames_received_total{type="SingleChat"}', 1],
    ['parley_frames_received_total{type="other"}', 1],
    ['parley_frames_rejected_total{code="ref-conflict"}', 1],
    ['parley_frames_rejected_total{code="unknown-type"}', 1],
    ['parley_messages_total{outcome="stored"}', 4],
    ['parley_messages_total{outcome="duplicate"}', 1],
    ['parley_messages_total{outcome="conflict"}', 1],
    ['parley_messages_total{outcome="failed"}', 0],
    ['parley_batch_messages_sum', 6],
    ['parley_commit_seconds_count', 6],
    // Three to two people each, and one to its recipient.
    ['parley_deliveries_total', 7],
    ['parley_delivery_age_seconds_count', 4],
    ['parley_journal_length', 0],
    ['parley_http_problems_total{code="unauthorized"}', 1],
    ['parley_http_problems_total{code="not-found"}', 1],
    ['parley_ready', 1],
    ['parley_check_ok{check="store"}', 1],
  ])('say %s %d', (name, value) => {
    expect(metrics.get(name)).toBe(value);
  });

  it('count what a Sync brings', async () => {
    ann.socket.send({ type: 8, data: { lobby: 1 }, ref: 'sync' });
    await ann.socket.next({ type: 8, ref: 'sync' });
    const before = metrics.get('parley_caught_up_total') ?? 0;
    expect(parse(await service.scrape()).get('parley_caught_up_total')).toBe(before + 2);
  });

  it('count connections that end, by the code that each ended with', async () => {
    const logged = await register(service, 'carol');
    await bob.socket.close();
    await closedWith(1000);
    const expelled = await join(service, logged);
    expelled.send(Buffer.alloc(70_000, 'x').toString());
    expect((await expelled.closed()).code).toBe(1009);
    await closedWith(1009);
    const vanished = await join(service, logged);
    await vanished.terminate();
    await closedWith(1006);
  });

  async function closedWith(code: number): Promise<void> {
    const name = `parley_connections_closed_total{code="${String(code)}"}`;
    const patience = performance.now() + 10_000;
    while (performance.now() < patience) {
      if (parse(await service.scrape()).get(name) === 1) return;
    }
    throw new Error(`${name} did not become 1`);
  }
});

describe('metrics of a service that is sent what nobody should know', () => {
  const LABELS = [
    ...[
      'check',
      'class',
      'code',
      'follower',
      'kind',
      'le',
      'outcome',
      'reason',
      'space',
      'state',
      'transport',
      'type',
    ],
    ...['version', 'major', 'minor', 'patch'],
  ];

  it('hold no name, room, text, ref, code, token or address of anybody [S3] [S38]', async () => {
    const service = await startMeasured();
    const { access_token: token } = await guest(service, CANARY);
    const { socket } = await enter(service, `${CANARY}-2`);
    socket.send({ type: 2, data: CANARY, ref: CANARY });
    await socket.next({ type: 6 });
    socket.send({ type: 2, data: 'x', room: CANARY });
    socket.send({ type: 3, to: CANARY, data: 'x' });
    socket.send({ type: CANARY, [CANARY]: CANARY });
    socket.send({ type: 8, data: { [`@${CANARY}`]: 0 } });
    await socket.next({ type: 8 });
    await fetch(`${service.url}/${CANARY}?token=${CANARY}`);
    await fetch(`${service.url}/direct/${CANARY}/messages`, {
      headers: { authorization: `Bearer ${token}`, 'x-request-id': CANARY },
    });
    await refusal(`${service.wsUrl}/${CANARY}`, { headers: { origin: `http://${CANARY}` } });
    await socket.close(4999, CANARY);
    const text = await service.scrape();
    for (const secret of [CANARY, token, '127.0.0.1', 'lobby']) expect(text).not.toContain(secret);
    const labels = [...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label);
    expect(LABELS).toEqual(expect.arrayContaining(labels));
  });
});
