import { expect, it } from '@jest/globals';
import type { S3Settings } from '../../config/settings.js';
import { addressOf } from './s3-address.js';

const SETTINGS: S3Settings = {
  ...{ engine: 's3', addressing: 'path', bucket: 'files', region: 'r' },
  ...{ endpoint: 'http://inside:9000', publicEndpoint: 'https://s3.example', accessKeyId: 'k' },
  secretAccessKey: 's',
};
const VIRTUAL: S3Settings = { ...SETTINGS, addressing: 'virtual' };
const BELOW: S3Settings = { ...SETTINGS, endpoint: 'http://proxy/store/' };

it.each([
  [SETTINGS, 'service', 'blobs/a', 'http://inside:9000/files/blobs/a'],
  [SETTINGS, 'client', 'blobs/a', 'https://s3.example/files/blobs/a'],
  [SETTINGS, 'service', null, 'http://inside:9000/files'],
  [VIRTUAL, 'service', 'blobs/a', 'http://files.inside:9000/blobs/a'],
  [VIRTUAL, 'client', 'blobs/a', 'https://files.s3.example/blobs/a'],
  [VIRTUAL, 'client', null, 'https://files.s3.example/'],
  [BELOW, 'service', 'blobs/a', 'http://proxy/store/files/blobs/a'],
] as const)('An object is at one address: %#', (settings, caller, key, address) => {
  expect(addressOf(settings, caller, key).href).toBe(address);
});
