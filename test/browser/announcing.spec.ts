import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { until } from '../support/bounded.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';
import { seed } from './seeding.js';

/**
 * Notes what a screen reader is told from here on: each text that comes into a live region, or
 * changes there. The region of a node is the nearest element that says how live it is, by
 * `aria-live` or by its role.
 */
const LISTEN = `{
  window.heard = [];
  const LIVE = { alert: 'assertive', status: 'polite', log: 'polite', timer: 'off' };
  const liveness = (node) => {
    for (let one = node; one instanceof Element; one = one.parentElement) {
      const live = one.getAttribute('aria-live') ?? LIVE[one.getAttribute('role')];
      if (live !== undefined) return live;
    }
    return 'off';
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      const nodes = type === 'characterData' ? [target] : [...addedNodes];
      for (const node of nodes) {
        const element = node instanceof Element ? node : node.parentElement;
        const text = node.textContent.trim();
        if (text !== '' && liveness(element) !== 'off') window.heard.push(text);
      }
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}`;

function heard(chat: ChatPage): Promise<readonly string[]> {
  return chat.page.evaluate<readonly string[]>('window.heard');
}

/** Waits until a text was read out. */
async function hears(chat: ChatPage, text: RegExp): Promise<void> {
  let texts: readonly string[] = [];
  await until(
    async () => {
      texts = await heard(chat);
      return texts.find((one) => text.test(one));
    },
    String(text),
    () => texts.join('\n'),
  );
}

describeWith('chromium', 'a screen reader', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
    await seed(service, 'past', 100);
  });
  afterEach(async () => {
    await people.leave();
  });

  it('is told each message of others once, and neither one’s own nor who comes and goes', async () => {
    const alice = await people.guest(service.url, 'alice');
    await alice.sees('past 100');
    await alice.page.evaluate(LISTEN);
    const bob = await people.guest(service.url, 'bob');
    await alice.notice('bob entered').waitFor();
    await alice.say('I say this myself');
    await alice.sees('I say this myself');
    await bob.say('Hello Alice');
    await hears(alice, /^bob: Hello Alice$/);
    await bob.page.context().close();
    await alice.notice('bob left').waitFor();
    // Nor older messages, which come in above.
    await alice.page.locator('.log').focus();
    await alice.page.keyboard.press('Home');
    await alice.sees('past 1');
    expect(await heard(alice)).toEqual(['bob: Hello Alice']);
  });

  it('is told a private message wherever one is, with its author', async () => {
    const carol = await people.guest(service.url, 'carol', { locale: 'zh-CN' });
    const dave = await people.guest(service.url, 'dave');
    await carol.page.evaluate(LISTEN);
    await dave.person('carol').click();
    await dave.say('Just for you');
    await hears(carol, /^dave 的私信：Just for you$/);
    await carol.conversation('dave').click();
    await carol.sees('Just for you');
    await dave.say('And this');
    await hears(carol, /^dave 的私信：And this$/);
    expect(await heard(carol)).toHaveLength(2);
  });

  it('is told of many messages how many they are', async () => {
    const erin = await people.guest(service.url, 'erin');
    await erin.page.evaluate(LISTEN);
    await seed(service, 'many', 50);
    await erin.sees('many 50');
    await hears(erin, /^Lobby: \d+ new messages$/);
    expect((await heard(erin)).length).toBeLessThan(20);
  });

  it('finds the region in the tree of the page, also where the menu lies over the chat', async () => {
    const frank = await people.guest(service.url, 'frank');
    const gina = await people.guest(service.url, 'gina');
    await frank.page.setViewportSize({ width: 390, height: 760 });
    await frank.page.getByRole('button', { name: 'Conversations and people' }).click();
    await gina.say('Do you hear me?');
    const tree = await frank.page.context().newCDPSession(frank.page);
    let names: readonly string[] = [];
    await until(
      async () => {
        const { nodes } = await tree.send('Accessibility.getFullAXTree');
        names = nodes.filter(({ ignored }) => !ignored).map(({ name }) => String(name?.value));
        return names.find((name) => name === 'gina: Do you hear me?');
      },
      'the message in the tree',
      () => names.join('\n'),
    );
  });
});
