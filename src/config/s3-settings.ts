import type { AttachmentSettings, S3Settings } from './settings.js';

/** What the environment says of a store of objects. */
export interface S3Values {
  readonly S3_ENDPOINT: string | null;
  readonly S3_PUBLIC_ENDPOINT: string | null;
  readonly S3_ADDRESSING: 'path' | 'virtual';
  readonly S3_BUCKET: string;
  readonly S3_REGION: string;
  readonly S3_ACCESS_KEY_ID: string;
  readonly S3_SECRET_ACCESS_KEY: string;
  readonly ATTACHMENTS_DIR: string;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const NEEDED = ['S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** What is wrong with these settings together: a store is set as a whole, or not at all. */
export function conflictsOfS3(values: Partial<S3Values>): readonly string[] {
  if (values.S3_ENDPOINT === null) {
    const isMeant = values.S3_BUCKET !== '' || values.S3_ACCESS_KEY_ID !== '';
    return isMeant ? ['S3_ENDPOINT: must be set where S3_BUCKET or S3_ACCESS_KEY_ID is'] : [];
  }
  const faults = NEEDED.filter((key) => values[key] === '').map(
    (key) => `${key}: must be set where S3_ENDPOINT is`,
  );
  for (const key of ['S3_ENDPOINT', 'S3_PUBLIC_ENDPOINT'] as const) {
    if (hasMore(values[key])) faults.push(`${key}: takes no user, query or fragment`);
  }
  if (values.S3_BUCKET && !BUCKET.test(values.S3_BUCKET)) {
    faults.push('S3_BUCKET: small letters, digits, dots and hyphens only, 3 to 63 of them');
  }
  if (values.ATTACHMENTS_DIR) faults.push('ATTACHMENTS_DIR: goes without S3_ENDPOINT only');
  return faults;
}

/** @returns null where no store is set */
export function s3Of(values: S3Values): S3Settings | null {
  const { S3_ENDPOINT: endpoint } = values;
  if (endpoint === null) return null;
  return {
    engine: 's3',
    endpoint,
    publicEndpoint: values.S3_PUBLIC_ENDPOINT ?? endpoint,
    addressing: values.S3_ADDRESSING,
    bucket: values.S3_BUCKET,
    region: values.S3_REGION,
    accessKeyId: values.S3_ACCESS_KEY_ID,
    secretAccessKey: values.S3_SECRET_ACCESS_KEY,
  };
}

/** The origin from which clients get files, and to which they send them; null: the service's own. */
export function filesOrigin(attachments: AttachmentSettings | null): string | null {
  if (attachments?.engine !== 's3') return null;
  const { protocol, host } = new URL(attachments.publicEndpoint);
  const { addressing, bucket } = attachments;
  return `${protocol}//${addressing === 'virtual' ? `${bucket}.` : ''}${host}`;
}

function hasMore(address: string | null | undefined): boolean {
  if (!address) return false;
  const { username, password, search, hash } = new URL(address);
  return username + password + search + hash !== '';
}
