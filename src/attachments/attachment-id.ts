import { randomBytes } from 'node:crypto';

/** 128 bits, base64url. */
const BYTES = 16;
const ID = /^[\w-]{22}$/;

export function newAttachmentId(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Whether a text can be an id: nothing else is looked for. */
export function isAttachmentId(text: string): boolean {
  return ID.test(text);
}
