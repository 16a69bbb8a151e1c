import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

const ATTACKS = [
  '<img src=x onerror="window.harmed=true">',
  '<script>window.harmed=true</script>',
  '"><svg onload=window.harmed=true>',
  'javascript:window.harmed=true',
  'https://example.org/"onmouseover="window.harmed=true',
  '<a href="https://example.org">click</a>',
];

describeWith('chromium', 'what people write', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  it('is text, whatever it looks like [S36]', async () => {
    const mallory = await people.guest(service.url, 'mallory');
    const alice = await people.guest(service.url, 'alice');
    for (const attack of ATTACKS) await mallory.say(attack);
    await alice.sees(ATTACKS.at(-1) ?? '');
    expect(await alice.texts()).toEqual(ATTACKS);
    expect(await alice.page.locator('.log img, .log script, .log ol svg:not(.icon)').count()).toBe(
      0,
    );
    expect(await alice.page.evaluate('window.harmed')).toBeUndefined();
    expect(alice.faults).toEqual([]);
  });

  it('makes links of web addresses only, which tell the other site nothing', async () => {
    const alice = await people.guest(service.url, 'anna');
    await alice.say('see https://example.org/a, not javascript:alert(1)');
    const links = alice.page
      .locator('.message', { hasText: 'https://example.org/a,' })
      .locator('a');
    await links.first().waitFor();
    expect(await links.count()).toBe(1);
    expect(await links.getAttribute('href')).toBe('https://example.org/a');
    expect(await links.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });

  it('could not run even where it became markup: the page admits nothing inline [S36]', async () => {
    const answer = await fetch(service.url);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await answer.text()).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|style=/i);

    const alice = await people.guest(service.url, 'alma');
    await alice.page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'window.harmed = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.harmed=true">');
    `);
    await alice.say('still here');
    await alice.sees('still here');
    expect(await alice.page.evaluate('window.harmed')).toBeUndefined();
    expect(alice.faults.length).toBeGreaterThan(0);
  });
});
