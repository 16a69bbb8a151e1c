/**
 * Where the service is, as this page was reached: everything the page loads or calls lies below it,
 * so that a proxy may put the service under any path. No slash at its end, so that paths like
 * `/auth/login` follow it: `https://chat.example.org`, `https://example.org/parley`.
 */
export function baseAddress(): string {
  return new URL('.', document.baseURI).href.replace(/\/$/, '');
}

/** The path of {@link baseAddress}: empty at the root of a host, else like `/parley`. */
export function basePath(): string {
  return new URL('.', document.baseURI).pathname.replace(/\/$/, '');
}
