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
    ['(both https://example.org/wiki/A_(b))', 'https://example.org/wiki/A_(b)'],
    ['[markdown](https://example.org/a)', 'https://example.org/a'],
    ['brackets in the query https://example.org/?a[]=1&b={2}', 'https://example.org/?a[]=1&b={2}'],
    ['a bracket opens https://example.org/a(see below)', 'https://example.org/a'],
    ['quoted "https://example.org/a?b=c&d=e#f"', 'https://example.org/a?b=c&d=e#f'],
    ["quoted 'https://example.org/a', too", 'https://example.org/a'],
    ['quoted “https://example.org/a”', 'https://example.org/a'],
    ['quoted «https://example.org/a»', 'https://example.org/a'],
    ['quotes of its own https://example.org/?q="a"&r=\'b\'', 'https://example.org/?q="a"&r=\'b\''],
    ['<https://example.org/a>', 'https://example.org/a'],
    ['`https://example.org/a`', 'https://example.org/a'],
    ['**https://example.org/a**', 'https://example.org/a'],
    ['and so on https://example.org/a... or https', 'https://example.org/a'],
    ['a dash https://example.org/a—and on', 'https://example.org/a'],
    ["https://example.org/wiki/Schrödinger's_cat is", "https://example.org/wiki/Schrödinger's_cat"],
    ['https://example.org/wiki/Schrödinger’s_cat is', 'https://example.org/wiki/Schrödinger’s_cat'],
    ['https://example.org/wiki/Bose–Einstein,', 'https://example.org/wiki/Bose–Einstein'],
    ['HTTPS://EXAMPLE.ORG/A', 'HTTPS://EXAMPLE.ORG/A'],
    ['https://example.org:8080/a#b?c!', 'https://example.org:8080/a#b?c'],
    ['http://[2001:db8::1]:8080/a, and', 'http://[2001:db8::1]:8080/a'],
    ['[http://[::1]/]', 'http://[::1]/'],
    ['http://192.168.0.1/a', 'http://192.168.0.1/a'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://xn--fsq.example/a', 'https://xn--fsq.example/a'],
    ['https://example.org/🙂/a', 'https://example.org/🙂/a'],
    ['https://example.org/a\u202egpj.exe', 'https://example.org/a'],
    ['https://example.org\\@example.com', 'https://example.org'],
    ['https://example.org/@me', 'https://example.org/@me'],
  ])('end where the address ends: %s', (text, link) => {
    expect(links(text)).toEqual([link]);
  });

  it.each([
    ['中文。https://example.org/a，然后', 'https://example.org/a'],
    ['请看https://example.org/a好的', 'https://example.org/a'],
    ['https://example.org/a를 보세요', 'https://example.org/a'],
    ['「https://example.org/a」', 'https://example.org/a'],
    ['『https://example.org/a』と', 'https://example.org/a'],
    ['（https://example.org/a）', 'https://example.org/a'],
    ['〈https://example.org〉', 'https://example.org'],
    ['【https://example.org/a】', 'https://example.org/a'],
    ['https://example.org/a（说明）', 'https://example.org/a'],
    ['https://example.org/a！真的？', 'https://example.org/a'],
    ['https://example.org/a…', 'https://example.org/a'],
    ['https://example.org/a～', 'https://example.org/a'],
    [
      'https://example.org/wiki/猫_(曖昧さ回避)です',
      'https://example.org/wiki/猫_(曖昧さ回避)です',
    ],
    ['https://example.org/ジョン・レノン、', 'https://example.org/ジョン・レノン'],
    ['http://例子.测试/路径。好的', 'http://例子.测试/路径'],
    ['https://مثال.example/مسار، ثم', 'https://مثال.example/مسار'],
  ])('end there among words without spaces, too: %s', (text, link) => {
    expect(links(text)).toEqual([link]);
  });

  it('are as many as there are', () => {
    expect(links('https://a.example/，https://b.example/、www.c.example')).toEqual([
      'https://a.example/',
      'https://b.example/',
      'www.c.example',
    ]);
    expect(links('["https://a.example/","https://b.example/"]')).toEqual([
      'https://a.example/',
      'https://b.example/',
    ]);
  });

  it.each([
    ['at www.example.org.', 'www.example.org', 'https://www.example.org/'],
    ['看www.example.org/a，好', 'www.example.org/a', 'https://www.example.org/a'],
    ['WWW.EXAMPLE.ORG', 'WWW.EXAMPLE.ORG', 'https://www.example.org/'],
    ['write to me@example.org.', 'me@example.org', 'mailto:me@example.org'],
    ['(a.b+c@mail.example.org)', 'a.b+c@mail.example.org', 'mailto:a.b+c@mail.example.org'],
    ["o'neil@example.org", "o'neil@example.org", "mailto:o'neil@example.org"],
    ['邮箱：me@example.org，谢谢', 'me@example.org', 'mailto:me@example.org'],
    ['写信到me@example.org谢谢', 'me@example.org', 'mailto:me@example.org'],
    ['mailto:me@example.org', 'me@example.org', 'mailto:me@example.org'],
    ['me@例子.测试', 'me@例子.测试', 'mailto:me@xn--fsqu00a.xn--0zwm56d'],
  ])('need no scheme: %s', (text, link, href) => {
    expect(piecesOf(text).filter((piece) => piece.kind === 'link')).toEqual([
      { kind: 'link', text: link, href },
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'java\nscript:https',
    'ftp://example.org',
    'ftp://www.example.org',
    'http://',
    'https://[broken',
    'https://example.org:99999/',
    'https://user:password@example.org/',
    'https://www.example.com@example.org/',
    'https://@example.org/',
    'xhttps://example.org',
    'www.',
    'www.example',
    'www..example.org',
    'a.www.example.org',
    'me@localhost',
    '@example.org',
    'me@example',
    'me@1.2.3.4',
    'a@b@example.org',
    'jörg@example.org',
    'a..b@example.org',
    'me@example..org',
  ])('are only what a browser may open without harm: %s', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('carry nothing that could become markup', () => {
    for (const piece of piecesOf('https://example.org/<img src=x onerror=alert(1)>')) {
      if (piece.kind === 'link') expect(piece.href).toBe('https://example.org/');
    }
  });

  it('are found fast in 20,000 characters made to be slow', () => {
    const slow = [
      'https://',
      'https://[',
      '(',
      ')',
      '"',
      "'",
      'a@b.',
      'a@b!',
      '@',
      'www.',
      '.',
      'a@',
    ];
    for (const text of slow) {
      for (const start of ['', 'https://a.b/', 'a@a.']) {
        const pieces = piecesOf((start + text.repeat(20_000)).slice(0, 20_000));
        expect(pieces.map((piece) => piece.text).join('')).toHaveLength(20_000);
      }
    }
  });
});
