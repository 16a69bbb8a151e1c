import { describe, expect, it } from '@jest/globals';
import { KEYS } from '../../../src/config/keys.js';
import { loadSettings } from '../../../src/config/load.js';
import { isThere } from '../../support/documents.js';
import { type ComposeService, readCompose } from './compose.js';
import { imageEnvironment } from './dockerfile.js';

const VARIABLES = {
  JWT_SECRET: 'a secret of this test, which is long enough',
  POSTGRES_PASSWORD: 'letters1and2digits',
};
const FILES = ['compose.yaml', 'compose.cluster.yaml'] as const;

function nodesOf(file: string): readonly ComposeService[] {
  const { services } = readCompose(file, VARIABLES);
  return Object.values(services).filter(({ image }) => image === 'parley');
}

describe.each(FILES)('deploy/%s', (file) => {
  it('does not start without its secrets, and says which', () => {
    expect(() => readCompose(file, {})).toThrow(/^(?:JWT_SECRET|POSTGRES_PASSWORD) is needed/);
  });

  it('builds its nodes from the Dockerfile', () => {
    for (const { build } of nodesOf(file)) {
      expect(build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
      expect(isThere('deploy/Dockerfile')).toBe(true);
    }
  });

  it('gives nodes settings that there are, and that the service takes', () => {
    for (const { environment } of nodesOf(file)) {
      const settings = { ...imageEnvironment(), ...environment };
      expect(Object.keys(KEYS)).toEqual(expect.arrayContaining(Object.keys(settings)));
      expect(loadSettings(settings)).toMatchObject({ environment: 'production', host: '0.0.0.0' });
    }
  });

  it('takes from nodes what they do not need', () => {
    for (const node of nodesOf(file)) {
      expect(node).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(node.security_opt).toContain('no-new-privileges:true');
    }
  });

  it('lets nodes stop in order: longer than a stop may take', () => {
    for (const { stop_grace_period: patience = '' } of nodesOf(file)) {
      expect(parseInt(patience) * 1000).toBeGreaterThan(loadSettings({}).shutdownTimeoutMs);
    }
  });

  it('is open to this machine alone until somebody decides otherwise', () => {
    const { services } = readCompose(file, VARIABLES);
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports).toHaveLength(1);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});
