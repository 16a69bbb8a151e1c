import { describe, expect, it } from '@jest/globals';
import { piecesOf } from './links.js';

function links(text: string): readonly string[] {
  return piecesOf(text).flatMap((piece) => (piece.kind === 'link' ? [piece.text] : []));
}

describe('the links in a message', () => {
  it('leave the text as it was, joined', () => {
    const text = 'see https://example.org/a(b), or http://例子.测试/路径。好的';
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it.each([
    ['ends a sentence https://example.org/a.', 'https://example.org/a'],
    ['(in brackets https://example.org/a)', 'https://example.org/a'],
    ['with its own https://example.org/wiki/A_(b)', 'https://example.org/wiki/A_(b)'],
    ['quoted "https://example.org/a?b=c&d=e#f"', 'https://example.org/a?b=c&d=e#f'],
    ['中文。https://example.org/a，然后', 'https://example.org/a'],
  ])('end where the address ends: %s', (text, link) => {
    expect(links(text)).toEqual([link]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'java\nscript:https',
    'ftp://example.org',
    'http://',
    'https://[broken',
    'https://user:password@example.org/',
  ])('are only what a browser may open without harm: %s', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('carry nothing that could become markup', () => {
    for (const piece of piecesOf('https://example.org/<img src=x onerror=alert(1)>')) {
      if (piece.kind === 'link') expect(piece.href).toBe('https://example.org/');
    }
  });

  it('are found fast in 4,000 characters made to be slow', () => {
    const texts = ['https://'.repeat(500), `https://${'('.repeat(3_990)}`, ')'.repeat(4_000)];
    for (const text of texts) expect(piecesOf(`https://a.b/${text}`.slice(0, 4_000))).toBeDefined();
  });
});
