import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

describeWith('chromium', 'a private conversation', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  it('is marked unread until it is opened, is visibly private, and is nobody else’s', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    const carol = await people.guest(service.url, 'carol');
    await alice.person('bob').click();
    await alice.page.getByText('only the two of you').waitFor();
    await alice.say('Just for you');
    await alice.say('and this too');
    await alice.sees('and this too');

    await bob.conversation('alice').getByText('2 unread messages').waitFor();
    await bob.isTitled('(2) Lobby – Parley');
    expect(await bob.texts()).toEqual([]);
    await bob.conversation('alice').click();
    await bob.sees('Just for you');
    expect(await bob.texts()).toEqual(['Just for you', 'and this too']);
    expect(await bob.page.locator('.unread-mark').count()).toBe(1);
    expect(await bob.page.locator('main').getAttribute('data-private')).toBe('true');
    await bob.isTitled('alice – Parley');
    await bob.conversation('alice').locator('.badge').waitFor({ state: 'detached' });

    await bob.say('Thank you');
    await alice.sees('Thank you');
    await carol.say('What is new?');
    await carol.sees('What is new?');
    expect(await carol.texts()).toEqual(['What is new?']);
    expect(await carol.page.locator('nav .entry').count()).toBe(1);
  });

  it('keeps what was written to somebody who is away until they are back', async () => {
    const dave = await people.come(service.url);
    await dave.register('dave');
    const erin = await people.guest(service.url, 'erin');
    await dave.person('erin').waitFor();
    await erin.person('dave').click();
    await dave.page.context().close();
    await erin.page.getByText('not online; gets it on return').waitFor();
    await erin.say('Read this when you are back');
    await erin.sees('Read this when you are back');

    const again = await people.come(service.url);
    await again.logIn('dave');
    await again.conversation('erin').getByText('1 unread message').waitFor();
    await again.conversation('erin').click();
    await again.sees('Read this when you are back');
  });

  it('is the same on all devices of a person', async () => {
    const fred = await people.come(service.url);
    await fred.register('fred');
    const other = await people.come(service.url);
    await other.logIn('fred');
    const gina = await people.guest(service.url, 'gina');
    await fred.person('gina').click();
    await fred.say('from one device');
    await other.conversation('gina').click();
    await other.sees('from one device');
    expect(await other.message('from one device').getAttribute('data-own')).toBe('true');
    await other.say('from the other');
    await fred.sees('from the other');
    await gina.conversation('fred').click();
    await gina.sees('from the other');
    expect(await gina.texts()).toEqual(await fred.texts());
  });
});
