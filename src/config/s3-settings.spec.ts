import { describe, expect, it } from '@jest/globals';
import { loadSettings } from './load.js';
import { filesOrigin } from './s3-settings.js';

const SET = {
  S3_ENDPOINT: 'https://store.example',
  S3_BUCKET: 'parley-files',
  S3_ACCESS_KEY_ID: 'key',
  S3_SECRET_ACCESS_KEY: 'secret',
};

describe('The settings of a store of objects', () => {
  it('are taken where they are whole', () => {
    expect(loadSettings(SET).attachments).toEqual({
      engine: 's3',
      endpoint: 'https://store.example',
      publicEndpoint: 'https://store.example',
      addressing: 'path',
      bucket: 'parley-files',
      region: 'us-east-1',
      accessKeyId: 'key',
      secretAccessKey: 'secret',
    });
  });

  it('serve several nodes, which a folder in DATA_DIR does not', () => {
    const postgres = { DATABASE_URL: 'postgres://store.example/parley' };
    expect(loadSettings(postgres).attachments).toBeNull();
    expect(loadSettings({ ...postgres, ...SET }).attachments).toMatchObject({ engine: 's3' });
  });

  it.each([
    ['S3_BUCKET', { S3_BUCKET: '' }, 'S3_BUCKET: must be set where S3_ENDPOINT is'],
    ['a key', { S3_ACCESS_KEY_ID: '' }, 'S3_ACCESS_KEY_ID: must be set where S3_ENDPOINT is'],
    ['its secret', { S3_SECRET_ACCESS_KEY: '' }, 'S3_SECRET_ACCESS_KEY: must be set'],
    ['an endpoint', { S3_ENDPOINT: '' }, 'S3_ENDPOINT: must be set where S3_BUCKET'],
    ['a name that buckets have', { S3_BUCKET: 'Files_1' }, 'S3_BUCKET: small letters, digits'],
    ['an address of HTTP', { S3_ENDPOINT: 's3://files' }, 'S3_ENDPOINT: must be an address'],
    [
      'an address without a user',
      { S3_ENDPOINT: 'https://key:secret@store.example' },
      'S3_ENDPOINT: takes no user, query or fragment',
    ],
    [
      'one way of addressing',
      { S3_ADDRESSING: 'dns' },
      'S3_ADDRESSING: must be one of path, virtual',
    ],
    ['one place', { ATTACHMENTS_DIR: '/files' }, 'ATTACHMENTS_DIR: goes without S3_ENDPOINT only'],
  ])('need %s', (_what, changed, fault) => {
    expect(() => loadSettings({ ...SET, ...changed })).toThrow(fault);
    expect(() => loadSettings({ ...SET, ...changed })).not.toThrow(/key:secret|Files_1/);
  });

  it.each([
    [{}, null],
    [SET, 'https://store.example'],
    [{ ...SET, S3_ADDRESSING: 'virtual' }, 'https://parley-files.store.example'],
    [{ ...SET, S3_PUBLIC_ENDPOINT: 'http://cdn.example:9000/s3' }, 'http://cdn.example:9000'],
  ])('say from where the page may get files: %#', (environment, origin) => {
    expect(filesOrigin(loadSettings(environment).attachments)).toBe(origin);
  });
});
