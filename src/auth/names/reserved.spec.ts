import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../kernel/refusal.js';
import { parseUsername, readUsername } from './username.js';

const MAX = 32;

function codeOf(text: string): string {
  try {
    parseUsername(text, MAX);
    return 'accepted';
  } catch (error) {
    return error instanceof Refusal ? error.code : 'internal';
  }
}

describe('a name that speaks for the service or its staff [S55]', () => {
  it.each([
    ['alone', ['system', 'Parley', 'admin', 'moderator', 'support', 'root', 'staff']],
    ['in any case', ['System', 'SYSTEM', 'ADMIN', 'pArLeY']],
    ['in Chinese', ['系统', '系統', '管理员', '管理員', '客服', '官方', '版主', '站长', '已删除']],
    ['in other languages', ['администратор', 'Система', '관리자', '運営', 'administrador']],
    ['in look-alikes', ['sуstem', 'ЅУЅТЕМ', 'syst\u0435m', 'parIey', 'аdmin', 'ROΟT', 'adm1n']],
    ['in wide letters', ['ｓｙｓｔｅｍ', 'ＡＤＭＩＮ']],
    ['with accents', ['ádmin', 'sÿstem', 'Süpport', 'pärley']],
    ['with something around it', ['system_', 'System.', '_system_', '--admin--', '~root', '+mod+']],
    ['with digits', ['system1', 'admin007', '1admin', 'r00t', 'r00t2', 'adm1n1', '客服01']],
    ['spelt out', ['s.y.s.t.e.m', 'a_d_m_i_n', 'sys_tem', 'sys-admin', 'par.ley']],
    [
      'apart from the rest',
      ['parley-bot', 'parley.support', 'bob_admin', 'admin-bob', 'the~system', "root'ann"],
    ],
    ['as a word of its own within', ['ParleySupport', 'SystemBot', 'BobAdmin', 'AdminBob']],
    ['among words of its kind', ['adminteam', 'parleybot', 'systemmessage', 'supportdesk']],
    [
      'in Chinese words of its kind',
      ['系统消息', '系统通知', '系统管理员', '客服中心', '超级管理员'],
    ],
    ['as a Chinese title', ['官方小王', '张三管理员', '客服小美', '管理员张三']],
    ['beside Chinese', ['系统bot', '张三admin', 'parley客服']],
    ['as what stands for an account that is gone', ['deleted', 'deleted-01KB9Z', 'Deleted_ann']],
  ])('%s', (_how, names) => {
    for (const name of names) expect([name, codeOf(name)]).toEqual([name, 'username-taken']);
  });
});

describe('a name that has such letters in it by chance', () => {
  it.each([
    ...['systema', 'ecosystem', 'adminton', 'badminton', 'administer', 'rooted', 'rootbeer'],
    ...['Grootendorst', 'modest', 'Modena', 'modi', 'staffan', 'Stafford', 'botond', 'Abbot'],
    ...['supporter', 'serverin', 'servane', 'Parleyne', 'barley', 'Owen', 'theo', 'Chris'],
    ...[
      'info',
      'owner',
      'bot-7',
      'echo-bot',
      'helpful',
      'team-7',
      'user1',
      'guest-1',
      'chatty',
      'news',
      'realann',
    ],
    ...['张三', '用户7', '操作系统爱好者', '管乐', '助手', '小助手', '王官', '方圆', 'アン・リー'],
    ...['Анна', 'Адам', 'Модест', "o'neil_x.y-z+1", 'McAdams'],
  ])('is free: %s', (name) => {
    expect(codeOf(name)).toBe('accepted');
  });

  it('can be read where somebody has it already, reserved or not', () => {
    expect(readUsername('admin-ann', MAX)?.canonical).toBe('admin-ann');
  });
});
