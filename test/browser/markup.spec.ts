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
    const said = { hasText: 'https://example.org/a,' };
    const links = alice.page.locator('.message:not([data-state])', said).locator('a');
    await links.first().waitFor();
    expect(await links.count()).toBe(1);
    expect(await links.getAttribute('href')).toBe('https://example.org/a');
    expect(await links.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });

  it('is text in what was edited, quoted, answered, pinned, mentioned, found and reacted with [S36]', async () => {
    const attack = '<img src=x onerror="window.harmed=true">';
    const mallory = await people.guest(service.url, 'mallory-2');
    const alice = await people.guest(service.url, 'alice-2');
    await mallory.person('alice-2').click();
    await mallory.say('harmless');
    await alice.conversation('mallory-2').click();
    await alice.sees('harmless');
    await mallory.choose('harmless', 'Edit');
    await mallory.say(`harmless ${attack}`);
    await alice.sees(`harmless ${attack}`);
    await alice.choose(`harmless ${attack}`, 'Pin');
    await alice.choose(`harmless ${attack}`, 'Reply');
    await alice.page.locator('.writing').getByText(`harmless ${attack}`).waitFor();
    await alice.say('an answer');
    await alice.page.locator('.quote').getByText(`harmless ${attack}`).waitFor();
    await alice.page.getByRole('button', { name: 'Pinned messages' }).click();
    await alice.page.locator('.card').getByText(`harmless ${attack}`).waitFor();
    await alice.page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await alice.page.getByRole('button', { name: 'Search messages' }).click();
    await alice.finds('harmless onerror', alice.page.locator('.card mark', { hasText: 'onerror' }));
    expect(await alice.page.locator('.card-text').first().textContent()).toContain(attack);
    await alice.page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await alice.choose(`harmless ${attack}`, 'Answer in a thread');
    await alice.page.locator('.thread').getByText(`harmless ${attack}`).waitFor();
    // The service takes no such key; a page does not rely on that.
    await alice.page.route('**/direct/*/messages?*', async (route) => {
      const answer = await route.fetch();
      const { items, ...page } = (await answer.json()) as { readonly items: readonly object[] };
      const reactions = [{ key: attack, count: 1, me: false }];
      const json = { ...page, items: items.map((item) => ({ ...item, reactions })) };
      await route.fulfill({ response: answer, json });
    });
    await alice.page.reload();
    await alice.page.locator('.reaction').getByText(attack).first().waitFor();
    const markup = '.log img, .log script, dialog img, .log ol svg:not(.icon)';
    expect(await alice.page.locator(markup).count()).toBe(0);
    expect(await alice.page.evaluate('window.harmed')).toBeUndefined();
    expect([alice.faults, mallory.faults]).toEqual([[], []]);
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
