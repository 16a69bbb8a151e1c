import type { Tokens } from '../../support/people.js';
import { picture } from '../../support/pictures.js';
import type { HttpContract } from './http-contract.js';

interface Announced {
  readonly id: string;
  readonly upload: { readonly headers: Readonly<Record<string, string>> };
}

/** Makes every call about files, so that every answer to it comes once. */
export async function describeFiles(
  http: HttpContract,
  { access_token: token }: Tokens,
  { access_token: other }: Tokens,
): Promise<void> {
  const text = { name: 'a.txt', size: 10, type: 'text/plain' };
  const post = 'POST /attachments';
  await http.call(post, 400, { token, body: { ...text, size: 0 } });
  await http.call(post, 401, { body: text });
  await http.call(post, 413, { token, body: { ...text, size: 1e12 } });
  const { id, upload } = await http.call<Announced>(post, 201, { token, body: text });
  const path = { id };
  const [get, put, head] = [
    'GET /attachments/{id}',
    'PUT /attachments/{id}/content',
    'HEAD /attachments/{id}/content',
  ];
  const thumbnail = `${get}/thumbnail`;
  await http.call(get, 409, { token, path });
  const piece = (range: string) => ({ ...upload.headers, 'content-range': range });
  const half = { path, body: '01234', type: 'text/plain' };
  await http.call(put, 400, { ...half, headers: piece('x') });
  await http.call(put, 404, { ...half, headers: {} });
  await http.call(put, 409, { ...half, headers: piece('bytes 5-9/10') });
  await http.call(put, 413, { ...half, headers: piece('bytes 9-13/10') });
  await http.call(put, 202, { ...half, headers: piece('bytes 0-4/10') });
  await http.call(head, 200, { path, headers: upload.headers });
  await http.call(head, 404, { path });
  await http.call(put, 200, { ...half, headers: piece('bytes 5-9/10') });
  await http.call(get, 200, { token, path });
  await http.call(get, 206, { token, path, headers: { range: 'bytes=0-1' } });
  await http.call(get, 304, { token, path, headers: { 'if-none-match': `"${id}"` } });
  await http.call(get, 416, { token, path, headers: { range: 'bytes=10-' } });
  await http.call(get, 401, { path });
  await http.call(get, 404, { token: other, path });
  await http.call(thumbnail, 404, { token, path });
  await http.call(thumbnail, 401, { path });
  await http.call('DELETE /attachments/{id}', 401, { path });
  await http.call('DELETE /attachments/{id}', 404, { token: other, path });
  await http.call('DELETE /attachments/{id}', 204, { token, path });
  await http.call(thumbnail, 200, { token, path: { id: await sentPicture(http, token) } });
}

async function sentPicture(http: HttpContract, token: string): Promise<string> {
  const bytes = await picture(40, 30).png().toBuffer();
  const body = { name: 'a.png', size: bytes.length, type: 'image/png' };
  const { id, upload } = await http.call<Announced>('POST /attachments', 201, { token, body });
  const call = { path: { id }, headers: upload.headers, body: bytes, type: 'image/png' };
  await http.call('PUT /attachments/{id}/content', 200, call);
  return id;
}
