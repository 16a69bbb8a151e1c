import { describe, expect, it } from '@jest/globals';
import { REFUSAL_CODES } from '@parley/protocol';
import { Refusal } from '../refusal.js';
import { NOTICE_CODES } from './language.js';
import { LOCALES, noticeText, refusalText } from './texts.js';

const HAN = /\p{Script=Han}/u;

describe('refusalText', () => {
  it.each(REFUSAL_CODES)('says %s in English and in Chinese', (code) => {
    expect(refusalText('en', code)).toMatch(/^[A-Z][\x20-\x7e]+\.$/);
    expect(refusalText('zh', code)).toMatch(HAN);
  });

  it('has codes that fit a URL and a log line', () => {
    for (const code of REFUSAL_CODES) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe('noticeText', () => {
  it('says what existing Chinese clients show', () => {
    expect(noticeText('zh', 'welcome')).toBe('欢迎来到聊天室');
    expect(noticeText('zh', 'entered', '张三')).toBe('张三进入了聊天室');
    expect(noticeText('zh', 'left', '张三')).toBe('张三离开了聊天室');
    expect(noticeText('zh', 'guest', '7')).toBe('用户7');
    expect(refusalText('zh', 'token-expired')).toBe('token过期');
  });

  it('speaks both languages, with the name in each of them', () => {
    for (const code of NOTICE_CODES) {
      expect(noticeText('en', code)).not.toMatch(HAN);
      expect(noticeText('zh', code)).toMatch(HAN);
      if (code === 'welcome') continue;
      for (const locale of LOCALES) expect(noticeText(locale, code, 'Ann')).toContain('Ann');
    }
  });

  it('inserts a name as it is, whatever a replacement pattern would make of it', () => {
    for (const name of ['$&', '$1', "$'", '{name}']) {
      expect(noticeText('en', 'entered', name)).toBe(`${name} entered the chat`);
    }
  });
});

describe('Refusal', () => {
  it('has a text in both languages, and nothing of the request in it', () => {
    const refusal = new Refusal('text-too-long', { field: 'data' });

    expect(refusal.text('en')).toBe('The text is too long.');
    expect(refusal.text('zh')).toBe('内容过长');
    expect(refusal.message).toBe('text-too-long');
  });
});
