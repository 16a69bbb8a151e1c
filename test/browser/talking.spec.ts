import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

describeWith('chromium', 'talking in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  it('brings what one person says to the other, and shows each what is their own', async () => {
    const alice = await people.come(service.url);
    await alice.register('alice');
    const bob = await people.guest(service.url, 'bob');
    await alice.say('Hello Bob');
    await bob.sees('Hello Bob');
    await bob.say('Hello Alice');
    await alice.sees('Hello Alice');
    await alice.sees('Hello Bob');
    expect(await alice.message('Hello Bob').getAttribute('data-own')).toBe('true');
    expect(await alice.message('Hello Alice').getAttribute('data-own')).toBe('false');
    expect(await bob.message('Hello Bob').getAttribute('data-own')).toBe('false');
    expect(await alice.texts()).toEqual(['Hello Bob', 'Hello Alice']);
    expect([...alice.faults, ...bob.faults]).toEqual([]);
  });

  it('tells who comes and goes, in green and red, and lists who is here', async () => {
    const carol = await people.guest(service.url, 'carol');
    const dave = await people.guest(service.url, 'dave');
    await carol.notice('dave entered').waitFor();
    await carol.person('dave').waitFor();
    expect(await carol.notice('dave entered').getAttribute('class')).toBe('entered');
    await dave.page.context().close();
    await carol.notice('dave left').waitFor();
    await carol.person('dave').waitFor({ state: 'detached' });
    expect(await carol.notice('dave left').getAttribute('class')).toBe('left');
  });

  it('speaks Chinese to those who do, and keeps the language that somebody chose', async () => {
    const ming = await people.guest(service.url, '小明', { locale: 'zh-CN' });
    const erin = await people.guest(service.url, 'erin');
    await ming.say('大家好，我是小明。');
    await erin.sees('大家好，我是小明。');
    await ming.notice('erin 进入了聊天室').waitFor();
    expect(await ming.page.getAttribute('html', 'lang')).toBe('zh-CN');
    expect(await ming.page.getAttribute('#composer', 'placeholder')).toBe('发消息给所有人');
    await ming.page.getByRole('button', { name: 'English' }).click();
    await ming.page.reload();
    await ming.isConnection('online');
    expect(await ming.page.getAttribute('html', 'lang')).toBe('en');
  });

  it('does not send while an input method is composing', async () => {
    const li = await people.guest(service.url, '李雷', { locale: 'zh-CN' });
    const keyboard = await li.page.context().newCDPSession(li.page);
    await li.page.focus('#composer');
    await keyboard.send('Input.imeSetComposition', {
      text: '你好',
      selectionStart: 2,
      selectionEnd: 2,
    });
    await li.page.keyboard.press('Enter');
    await keyboard.send('Input.insertText', { text: '你好' });
    await li.page.keyboard.press('Shift+Enter');
    await li.page.keyboard.insertText('世界');
    await li.page.keyboard.press('Enter');
    await li.sees('你好\n世界');
    expect(await li.message('你好').count()).toBe(0);
    expect(await li.page.inputValue('#composer')).toBe('');
  });

  it('shows what is refused as not sent, and lets go of it', async () => {
    const frank = await people.guest(service.url, 'frank');
    // The search comes when there are many.
    for (let i = 0; i < 8; i++) await people.guest(service.url, `extra-${i}`);
    await frank.page.getByRole('searchbox').fill('nobody-of-that-name');
    await frank.page.getByRole('button', { name: 'Write to nobody-of-that-name' }).click();
    await frank.say('Is anybody there?');
    const failure = frank.page.locator('.message[data-state="failed"]');
    await failure.getByText('There is nobody of that name.').waitFor();
    await failure.getByRole('button', { name: 'Discard' }).click();
    await failure.waitFor({ state: 'detached' });
  });
});
