import { createHash } from 'node:crypto';

/**
 * What is stored in place of a secret that this service generated. The secret has 256 random bits,
 * so one round of SHA-256 is enough.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
