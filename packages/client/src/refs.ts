const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 20;

/**
 * A unique `ref`: 100 random bits. Not `crypto.randomUUID`, which browsers withhold from pages over
 * plain HTTP, as from a machine in the local network.
 */
export function randomRef(): string {
  let ref = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
    ref += ALPHABET.charAt(byte & 31);
  }
  return ref;
}
