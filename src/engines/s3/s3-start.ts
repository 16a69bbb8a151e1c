import type { S3Settings } from '../../config/settings.js';
import { StartFailure } from '../../kernel/start-failure.js';
import type { S3Client } from './s3-client.js';

/** Asks for the bucket once. @throws StartFailure where files could neither be kept nor had */
export async function checkBucket(client: S3Client, settings: S3Settings): Promise<void> {
  const status = await statusOf(client);
  if (status === 200) return;
  throw new StartFailure(sentenceFor(status, settings));
}

async function statusOf(client: S3Client): Promise<number | null> {
  try {
    const query = { 'list-type': '2', 'max-keys': '1' };
    return (await client.read({ method: 'GET', key: null, query })).status;
  } catch {
    return null;
  }
}

function sentenceFor(status: number | null, { endpoint, bucket }: S3Settings): string {
  const store = `the store at ${endpoint} (S3_ENDPOINT)`;
  if (status === null) {
    return `${store} does not answer, or refuses the key: start it, or check the address, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and this machine's clock`;
  }
  if (status === 404) {
    return `${store} has no bucket ${bucket}: make it, or set S3_BUCKET to one that is there`;
  }
  return `${store} answered ${String(status)} for the bucket ${bucket}: check S3_REGION and S3_ADDRESSING`;
}
