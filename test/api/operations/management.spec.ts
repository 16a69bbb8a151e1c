import { beforeAll, describe, expect, it } from '@jest/globals';
import { HealthIndicators } from '../../../src/kernel/health-indicators.js';
import { ManagementServer } from '../../../src/operations/management-server.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter } from '../../support/people.js';
import { runService, type Service, startService } from '../../support/service.js';

interface Report {
  readonly status: string;
  readonly draining: boolean;
  readonly obstacles: readonly string[];
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly needed: boolean }>>;
}

describe('the management port', () => {
  let service: RunningApp;
  let management: string;

  beforeAll(async () => {
    service = await startApp({ MANAGEMENT_PORT: '0' });
    const { port } = service.app.get(ManagementServer, { strict: false });
    management = `http://127.0.0.1:${String(port)}`;
  });

  it('tells of each part in detail, with the status that a balancer understands', async () => {
    const response = await fetch(`${management}/health/ready`);
    const report = (await response.json()) as Report;
    expect(response.status).toBe(200);
    expect(report).toMatchObject({ status: 'ok', draining: false, obstacles: [] });
    expect(Object.keys(report.checks).sort()).toEqual(['bus', 'event_loop', 'journal', 'store']);
    expect(Object.values(report.checks).every(({ ok }) => ok)).toBe(true);
  });

  it('names the part that is not well, which the public port does not', async () => {
    let ok = false;
    service.app.get(HealthIndicators).add({ name: 'tried', needed: true, check: () => ({ ok }) });
    const told = await fetch(`${management}/health/ready`);
    expect(told.status).toBe(503);
    expect(((await told.json()) as Report).checks['tried']).toEqual({ needed: true, ok: false });
    const untold = await fetch(`${service.url}/health/ready`);
    expect(untold.status).toBe(503);
    expect(await untold.text()).toBe('{"status":"unavailable"}');
    ok = true;
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  it('is the only one with metrics and details [S41]', async () => {
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
    expect(await (await fetch(`${service.url}/health/ready`)).text()).toBe('{"status":"ok"}');
  });

  it('lives', async () => {
    expect((await fetch(`${management}/health/live`)).status).toBe(200);
  });

  it.each(['/', '/auth/login', '/rooms/lobby/messages', '/chat', '/metrics/x', '/docs'])(
    'knows nothing of %s',
    async (path) => {
      expect((await fetch(`${management}${path}`)).status).toBe(404);
    },
  );

  it('is for reading only', async () => {
    expect((await fetch(`${management}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${management}/metrics`, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('the management port of a service that stops', () => {
  async function ready(port: number): Promise<Report> {
    const response = await fetch(`http://127.0.0.1:${String(port)}/health/ready`);
    return (await response.json()) as Report;
  }

  async function waitFor(port: number, wanted: (report: Report) => boolean): Promise<Report> {
    const patience = performance.now() + 10_000;
    while (performance.now() < patience) {
      const report = await ready(port);
      if (wanted(report)) return report;
    }
    throw new Error('the report did not become what was wanted');
  }

  async function portOf(service: Service): Promise<number> {
    const [, port] = await service.logged(/"event":"management-listens".*"port":(\d+)/);
    return Number(port);
  }

  it('listens on loopback only, answers while there is a drain, and then ends', async () => {
    const service = await startService({ env: { MANAGEMENT_PORT: '0', SHUTDOWN_TIMEOUT: '6' } });
    const port = await portOf(service);
    await expect(fetch(`http://127.0.0.2:${String(port)}/health/live`)).rejects.toThrow();
    const { socket } = await enter(service, 'ann');
    socket.raw.pause(); // The goodbye is not read, so the drain takes as long as it may.
    const stopped = service.stop();
    const report = await waitFor(port, ({ draining }) => draining);
    expect(report).toMatchObject({ status: 'unavailable', obstacles: ['stopping'] });
    const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
    expect(metrics).toMatch(/^parley_connections\{transport="websocket"\} 1$/m);
    expect(metrics).toMatch(/^parley_ready 0$/m);
    expect(await stopped).toBe(0);
    await expect(ready(port)).rejects.toThrow();
  });

  it('is refused with one line where the port is taken', async () => {
    const first = await startService({ env: { MANAGEMENT_PORT: '0' } });
    const taken = String(await portOf(first));
    const { code, output, logs } = await runService({ env: { MANAGEMENT_PORT: taken } });
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(logs).toMatch(
      /^Parley could not start: port \d+ is in use: .* set MANAGEMENT_PORT to another port$/m,
    );
  });

  it('is not there unless it is asked for', async () => {
    const service = await startService();
    expect(service.logs()).not.toContain('management-listens');
  });
});
