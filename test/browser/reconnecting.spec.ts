import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

describeWith('chromium', 'a connection that goes', () => {
  const people = new People();
  let service: Service;

  beforeEach(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
    await service.kill();
  });

  it('comes back by itself after the service was killed, and nothing is lost', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await alice.say('before');
    await bob.sees('before');
    await service.kill();
    await Promise.all([alice.isConnection('waiting'), bob.isConnection('waiting')]);
    await alice.page.locator('.banner').getByText('Connection lost').waitFor();
    await alice.say('from alice, meanwhile');
    await bob.say('from bob, meanwhile');
    await alice.page.locator('.message[data-state="pending"]').waitFor();
    await service.start();
    await Promise.all([alice.isConnection('online'), bob.isConnection('online')]);
    for (const person of [alice, bob]) {
      await person.sees('from alice, meanwhile');
      await person.sees('from bob, meanwhile');
    }
    await bob.say('after');
    await alice.sees('after');
    const heard = await alice.texts();
    expect(heard[0]).toBe('before');
    expect([...heard].sort()).toEqual(
      ['after', 'before', 'from alice, meanwhile', 'from bob, meanwhile'].sort(),
    );
    expect(await bob.texts()).toEqual(heard);
  });

  it('comes back after an orderly restart too', async () => {
    const alice = await people.guest(service.url, 'alice');
    await alice.say('before');
    await alice.sees('before');
    await service.restart();
    await alice.isConnection('online');
    await alice.say('after');
    await alice.sees('after');
    expect(await alice.texts()).toEqual(['before', 'after']);
  });

  it('catches up with what was said while somebody was disconnected on purpose', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await alice.page.getByRole('button', { name: 'Disconnect' }).click();
    await alice.isConnection('offline');
    await bob.say('said meanwhile');
    await bob.sees('said meanwhile');
    await alice.say('written meanwhile');
    await alice.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await alice.isConnection('online');
    await alice.sees('said meanwhile');
    await bob.sees('written meanwhile');
    expect(await alice.texts()).toEqual(['said meanwhile', 'written meanwhile']);
  });

  it('sends what waited also after the page was loaded anew', async () => {
    const alice = await people.guest(service.url, 'alice');
    await alice.page.getByRole('button', { name: 'Disconnect' }).click();
    await alice.say('written before the reload');
    await alice.page.reload();
    await alice.sees('written before the reload');
    expect(await alice.texts()).toEqual(['written before the reload']);
  });
});
