import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { isThere, read } from '../../support/documents.js';

interface Versioned {
  readonly version?: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly info?: { readonly version: string };
  readonly packages?: Readonly<Record<string, { readonly version?: string }>>;
}

function parse(path: string): Versioned {
  return JSON.parse(read(path)) as Versioned;
}

const { version } = parse('package.json');

describe('the version', () => {
  it('is one in the lockfile', () => {
    const { version: outer, packages } = parse('package-lock.json');
    expect([outer, packages?.['']?.version]).toEqual([version, version]);
  });

  it.each(['docs/openapi.json', 'docs/asyncapi.json'])('is one in %s', (document) => {
    expect(parse(document).info?.version).toBe(version);
  });

  it('is one in every package that is published', () => {
    const published = readdirSync(new URL('../../../packages/', import.meta.url))
      .map((name) => `packages/${name}/package.json`)
      .filter((path) => isThere(path) && parse(path).private !== true);
    expect(published.length).toBeGreaterThan(0);
    for (const path of published) expect([path, parse(path).version]).toEqual([path, version]);
    for (const path of ['package.json', ...published]) {
      const { dependencies = {}, devDependencies = {} } = parse(path);
      const ours = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
        name.startsWith('@parley/'),
      );
      for (const [name, wanted] of ours)
        expect([path, name, wanted]).toEqual([path, name, version]);
    }
  });

  it('is that of the latest release in the changelog, which has a date', () => {
    const [latest] = read('CHANGELOG.md').match(/^## \[\d.*$/gm) ?? [];
    expect(latest).toMatch(new RegExp(`^## \\[${String(version)}\\] - \\d{4}-\\d\\d-\\d\\d$`));
  });

  it('leaves room above it for what comes next', () => {
    const [first] = read('CHANGELOG.md').match(/^## .*$/gm) ?? [];
    expect(first).toBe('## [Unreleased]');
  });
});
