import { describe, expect, it } from '@jest/globals';
import { dispositionOf } from './disposition.js';

describe('What an answer says of a file', () => {
  it.each([
    ['image/jpeg', 'image/jpeg', 'inline'],
    ['image/png', 'image/png', 'inline'],
    ['image/gif', 'image/gif', 'inline'],
    ['image/webp', 'image/webp', 'inline'],
    ['image/avif', 'image/avif', 'inline'],
    ['video/mp4', 'video/mp4', 'inline'],
    ['application/pdf', 'application/pdf', 'inline'],
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['text/html', 'application/octet-stream', 'attachment'],
    ['application/xml', 'application/octet-stream', 'attachment'],
    ['application/zip', 'application/octet-stream', 'attachment'],
    ['image/tiff', 'application/octet-stream', 'attachment'],
    ['', 'application/octet-stream', 'attachment'],
  ])('of %s is %s, %s', (found, type, how) => {
    expect(dispositionOf('a.png', found)).toEqual({
      type,
      disposition: `${how}; filename="a.png"; filename*=UTF-8''a.png`,
    });
  });

  it('is a download, where a picture could not be read', () => {
    const { type, disposition } = dispositionOf('a.png', 'image/png', false);
    expect(type).toBe('application/octet-stream');
    expect(disposition).toMatch(/^attachment;/);
  });

  it.each([
    ['plan.pdf', 'plan.pdf', 'plan.pdf'],
    ['two words.txt', 'two words.txt', 'two%20words.txt'],
    ['照片.jpg', '__.jpg', '%E7%85%A7%E7%89%87.jpg'],
    ['👍.gif', '__.gif', '%F0%9F%91%8D.gif'],
    ['../../etc/passwd', 'passwd', 'passwd'],
    ['C:\\Users\\alice\\a.txt', 'a.txt', 'a.txt'],
    ['a"; filename="evil.html', 'a_; filename=_evil.html', 'a%22%3B%20filename%3D%22evil.html'],
    ['a\r\nset-cookie: b', 'aset-cookie: b', 'aset-cookie%3A%20b'],
    ["it's (1)*.txt", "it's (1)*.txt", 'it%27s%20%281%29%2A.txt'],
    ['100%.txt', '100_.txt', '100%25.txt'],
    ['annual\u202egnp.exe', 'annualgnp.exe', 'annualgnp.exe'],
    ['half\ud800.txt', 'half.txt', 'half.txt'],
    ['.htaccess', 'htaccess', 'htaccess'],
    ['..', 'file', 'file'],
    ['', 'file', 'file'],
  ])('calls %j what is safe to write', (name, ascii, encoded) => {
    expect(dispositionOf(name, 'text/plain').disposition).toBe(
      `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    );
  });
});
