import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  allPaths,
  anchorOf,
  fences,
  headings,
  prose,
  read,
  ROOT,
} from '../../support/documents.js';

const PATHS = allPaths();
const DOCUMENTS = PATHS.filter((path) => path.endsWith('.md'));
const HOW_TOS = DOCUMENTS.filter((path) => path.startsWith('docs/how-to/'));
/** Documents whose names of files are held. A changelog names what was there then. */
const HELD = [
  ...['CONTRIBUTING.md', 'README.md', 'README.zh.md', 'SECURITY.md', 'docs/releasing.md'],
  ...[
    'docs/architecture.md',
    'docs/glossary.md',
    'docs/operations.md',
    'docs/protocol.md',
    'docs/testing.md',
  ],
  ...HOW_TOS,
];

const PATH = /^[\w.-][\w./*-]*(?:\/|\.(?:cjs|conf|html|json|md|mjs|ts|tsx|yaml|yml))$/;

/** Without a slash at its end a folder is known by where it is. */
const BELOW = /^(?:bench|client|deploy|docs|examples|packages|scripts|src|test|web)\/[\w./*-]+$/;

/** What stands between backticks and looks like a file or a folder of the project. */
function named(document: string): readonly string[] {
  const words = [...prose(read(document)).matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);
  return words.filter((word) => (PATH.test(word) || BELOW.test(word)) && !word.startsWith('dist/'));
}

/** Names are told from the project's folder, from src/, or by their end; `*` is part of a name. */
function isThere(name: string): boolean {
  const end = name.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  const pattern = new RegExp(`(?:^|/)${end}/?$`);
  return PATHS.some((path) => pattern.test(path));
}

/** What stands between backticks and looks like a class or a type, perhaps with one of its members. */
function namedTypes(document: string): readonly (readonly [string, string | undefined])[] {
  const words = prose(read(document)).matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]*)*)(?:\.([a-z]\w*))?`/g);
  return [...words].map(([, name = '', member]) => [name, member]);
}

/** Whether one of the sources declares it, and its member beside it. */
function isDeclared(
  sources: readonly string[],
  [name, member]: ReturnType<typeof namedTypes>[0],
): boolean {
  const declaration = new RegExp(`\\b(?:class|interface|type|const) ${name}\\b`);
  return sources
    .filter((source) => declaration.test(source))
    .some((source) => member === undefined || new RegExp(`^ +.*\\b${member}\\(`, 'm').test(source));
}

/** Links within the project: the document that they stand in, the file, the fragment. */
function links(document: string): readonly { target: string; fragment: string }[] {
  const text = prose(read(document)).replaceAll(/`[^`\n]*`/g, '');
  const found = text.matchAll(/\]\(([^)\s#:]*)(?:#([^)\s]+))?\)/g);
  return [...found].map(([, target = '', fragment = '']) => ({
    target: target === '' ? document : join(dirname(document), target),
    fragment,
  }));
}

describe('a document', () => {
  it.each(HELD)('names files that there are: %s', (document) => {
    expect(named(document).filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(['docs/architecture.md', 'docs/how-to/add-an-engine.md'])(
    'names classes and members that there are: %s',
    (document) => {
      const types = namedTypes(document);
      const sources = PATHS.filter((path) => /^(?:src|packages|test)\/.*\.ts$/.test(path)).map(
        read,
      );
      expect(types.length).toBeGreaterThan(3);
      expect(types.filter((type) => !isDeclared(sources, type))).toEqual([]);
    },
  );

  it.each(DOCUMENTS)('links to files and headings that there are: %s', (document) => {
    const broken = links(document).filter(({ target, fragment }) => {
      if (!existsSync(join(ROOT, target))) return true;
      if (fragment === '') return false;
      return !headings(read(target)).map(anchorOf).includes(fragment);
    });
    expect(broken).toEqual([]);
  });
});

describe('docs/how-to/', () => {
  it('quotes what stands in the files that it names', () => {
    const excerpts = HOW_TOS.flatMap((document) => fences(read(document)))
      .map(({ info, lines }) => ({ file: info.split(' ')[1], lines }))
      .filter(({ file }) => file !== undefined);
    expect(excerpts.length).toBeGreaterThan(5);
    for (const { file = '', lines } of excerpts)
      expect([file, missing(file, lines)]).toEqual([file, []]);
  });

  it('has an index of all its pages', () => {
    const pages = links('docs/how-to/README.md').map(({ target }) => target);
    const others = HOW_TOS.filter((page) => page !== 'docs/how-to/README.md');
    expect(pages).toEqual(expect.arrayContaining([...others]));
  });

  it('names every file but its own two that knows a command by its name', () => {
    const knowing = PATHS.filter((path) => /^(?:src|packages\/protocol)\/.*\.ts$/.test(path))
      .filter((path) => !path.endsWith('/renew.ts'))
      .filter((path) => /\bRenewCommand\b/.test(read(path)));
    expect(knowing).toHaveLength(2);
    expect(named('docs/how-to/add-a-command.md')).toEqual(expect.arrayContaining(knowing));
  });

  it('names every file that knows a transport by its name', () => {
    const knowing = PATHS.filter((path) => /^src\/.*\.ts$/.test(path))
      .filter((path) => !path.startsWith('src/gateway/transports/') && !path.endsWith('.spec.ts'))
      .filter((path) => /from '.*transports\/[a-z-]+\//.test(read(path)));
    expect(named('docs/how-to/add-a-transport.md')).toEqual(expect.arrayContaining(knowing));
  });
});

/** The lines of an excerpt that a file has not; how they are indented does not count. */
function missing(file: string, lines: readonly string[]): readonly string[] {
  const text = read(file);
  return lines.map((line) => line.trim()).filter((line) => line !== '…' && !text.includes(line));
}
