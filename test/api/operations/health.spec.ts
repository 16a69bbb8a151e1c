import { beforeAll, describe, expect, it } from '@jest/globals';
import { Readiness } from '../../../src/operations/readiness.js';
import { type RunningApp, startApp } from '../../support/app.js';

describe('health on the public port', () => {
  let service: RunningApp;

  beforeAll(async () => {
    service = await startApp();
  });

  async function ready(): Promise<{ status: number; body: string }> {
    const response = await fetch(`${service.url}/health/ready`);
    return { status: response.status, body: await response.text() };
  }

  it('says that the process lives, and nothing else [S41]', async () => {
    const response = await fetch(`${service.url}/health/live`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"status":"ok"}');
  });

  it('says whether new clients should come, and never why they should not [S41]', async () => {
    const readiness = service.app.get(Readiness, { strict: false });
    expect(await ready()).toEqual({ status: 200, body: '{"status":"ok"}' });
    readiness.block('store');
    readiness.block('stopping');
    expect(await ready()).toEqual({ status: 503, body: '{"status":"unavailable"}' });
    readiness.clear('store');
    expect((await ready()).status).toBe(503);
    readiness.clear('stopping');
    expect((await ready()).status).toBe(200);
  });

  it.each(['/metrics', '/health', '/health/detail', '/debug', '/healthz'])(
    'knows nothing of %s [S41]',
    async (path) => {
      expect((await fetch(`${service.url}${path}`)).status).toBe(404);
    },
  );
});
