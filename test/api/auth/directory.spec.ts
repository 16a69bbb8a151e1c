import { beforeAll, describe, expect, it } from '@jest/globals';
import { UserDirectory } from '../../../src/auth/accounts/user-directory.js';
import { UserStore } from '../../../src/auth/accounts/user-store.js';
import { type AuthApp, PASSWORD, startAuthApp } from './auth-app.js';

let app: AuthApp;
let directory: UserDirectory;

beforeAll(async () => {
  app = await startAuthApp();
  directory = app.app.get(UserDirectory);
});

describe('UserDirectory', () => {
  it('finds a person by the name in any case and width, and by id', async () => {
    const { body } = await app.post('/auth/register', { username: 'Ann', password: PASSWORD });
    const ann = body?.['user'] as { id: string };

    for (const name of ['Ann', 'ANN', 'ａｎｎ'])
      expect(await directory.findByName(name)).toEqual(ann);
    expect(await directory.findById(ann.id)).toEqual(ann);
  });

  it('hands out the id and the name, and nothing else that is kept of somebody', async () => {
    await app.post('/auth/register', { username: 'secretive', password: PASSWORD });

    expect(Object.keys((await directory.findByName('secretive')) ?? {})).toEqual([
      'id',
      'username',
    ]);
  });

  it('finds somebody who registered after they were looked for in vain', async () => {
    expect(await directory.findByName('latecomer')).toBeNull();
    await app.post('/auth/guest', { username: 'latecomer' });

    expect(await directory.findByName('latecomer')).toMatchObject({ username: 'latecomer' });
  });

  it.each(['', "' OR 1=1 --", '%', 'a_n', 'x'.repeat(65_536)])(
    'finds nobody by %j, which is no name or another one [S32]',
    async (name) => {
      expect(await directory.findByName(name)).toBeNull();
    },
  );

  it('asks the store once for a person, however often they are written to', async () => {
    await app.post('/auth/guest', { username: 'popular' });
    const store = app.app.get(UserStore, { strict: false });
    const findByName = store.findByName.bind(store);
    let questions = 0;
    store.findByName = async (name) => {
      questions += 1;
      return findByName(name);
    };

    for (let times = 0; times < 100; times++) await directory.findByName('popular');
    store.findByName = findByName;

    expect(questions).toBe(1);
  });
});
