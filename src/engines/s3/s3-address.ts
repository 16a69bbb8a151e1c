import type { S3Settings } from '../../config/settings.js';

/** Whose connection it will be: the service's own, or that of somebody who has a signed URL. */
export type Caller = 'service' | 'client';

/**
 * Where an object of the bucket is: `https://store/bucket/key`, or `https://bucket.store/key` where virtual
 * hosts are set. A null key is the bucket.
 */
export function addressOf(settings: S3Settings, caller: Caller, key: string | null): URL {
  const { bucket } = settings;
  const url = new URL(caller === 'client' ? settings.publicEndpoint : settings.endpoint);
  const base = url.pathname.replace(/\/$/, '');
  if (settings.addressing === 'virtual') url.hostname = `${bucket}.${url.hostname}`;
  const folder = settings.addressing === 'virtual' ? base : `${base}/${bucket}`;
  url.pathname = key === null ? folder : `${folder}/${key}`;
  return url;
}
