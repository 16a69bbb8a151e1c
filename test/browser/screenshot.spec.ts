import { expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeWith } from '../support/requirements.js';
import { startService } from '../support/service.js';
import { People } from './chat-page.js';

const PICTURE = fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url));

describeWith('chromium', 'the picture in the README', () => {
  const people = new People();

  it('can be taken again: UPDATE_SCREENSHOT=true, or docs/screenshot.png removed', async () => {
    const service = await startService();
    const mira = await people.guest(service.url, 'Mira', {
      viewport: { width: 1180, height: 760 },
      deviceScaleFactor: 2,
    });
    const ming = await people.guest(service.url, '王小明', { locale: 'zh-CN' });
    const theo = await people.guest(service.url, 'Theo');
    await mira.notice('Theo entered').waitFor();
    const say = async (who: typeof mira, text: string): Promise<void> => {
      await who.say(text);
      await mira.sees(text);
    };
    await say(ming, '早上好！昨晚服务器重启了，大家的消息都还在吗？');
    await say(mira, 'Good morning! Everything is here. My page came back by itself.');
    await say(mira, 'Even what I wrote while it was away was sent.');
    await say(theo, 'Same here. I was on the train, in and out of tunnels, and missed nothing.');
    await say(ming, '太好了。历史记录也可以下载了：文本、CSV、JSON 都有。');
    await say(theo, 'Nice. I will put last month into a spreadsheet.');
    await theo.person('Mira').click();
    await theo.say('Do you have a minute later?');
    await mira.conversation('Theo').getByText('1 unread message').waitFor();
    await say(ming, '下午三点开会，别忘了');
    await say(mira, 'Three o’clock, see you there');

    const isWanted = process.env['UPDATE_SCREENSHOT'] === 'true' || !existsSync(PICTURE);
    const picture = await mira.page.screenshot(isWanted ? { path: PICTURE } : {});
    expect(picture.byteLength).toBeGreaterThan(50_000);
  });
});
