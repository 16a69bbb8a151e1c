import { skeletonOf } from './skeleton.js';

/** Words that would make people mistake somebody for the service or its staff. */
const RESERVED = [
  ...['system', 'parley', 'official', 'service', 'server', 'deleted'],
  ...['admin', 'admins', 'administrator', 'administrators', 'administration', 'sysadmin', 'sysop'],
  ...['root', 'superuser', 'operator', 'webmaster', 'hostmaster', 'postmaster'],
  ...['moderator', 'moderators', 'moderation', 'mod', 'mods', 'staff', 'support', 'helpdesk'],
  ...['security', 'noreply'],
  ...['sistema', 'administrador', 'moderador', 'soporte', 'suporte', 'systeme', 'administrateur'],
  ...['moderateur', 'moderatore', 'amministratore', 'verwaltung'],
  ...['система', 'админ', 'администратор', 'администрация', 'модератор', 'поддержка'],
  ...['시스템', '관리자', '운영자', '運営', '公式', 'システム', 'サポート'],
];

/** Words that leave a reserved word beside them what it is: `parleysupport`. */
const COMPANIONS = [
  ...['the', 'our', 'real', 'super', 'chief', 'head', 'chat', 'team', 'help', 'desk', 'center'],
  ...['user', 'account', 'message', 'messages', 'notice', 'info', 'bot', 'news', 'online', 'sys'],
];

/** The same in Chinese, which puts no space between words. */
const RESERVED_HAN = [
  ...['系统', '系統', '官方', '管理', '管理员', '管理員', '版主', '站长', '站長', '超管', '客服'],
  ...['服务器', '伺服器', '运营', '已删除', '已注销'],
];
const COMPANIONS_HAN = [
  ...['消息', '通知', '公告', '提示', '信息', '訊息', '账号', '帳號', '用户', '中心', '小助手'],
  ...['助手', '人员', '人員', '团队', '團隊', '号', '员', '員', '超级', '超級', '在线', '本站'],
];
/** Titles written before or after a name, in one word with it. */
const TITLES_HAN = ['官方', '管理员', '管理員', '客服', '版主', '已删除', '已注销'];

/** A part of a name that is read as one: Chinese characters, or everything else. */
const RUN = /\p{Script=Han}+|[^\p{Script=Han}]+/gu;
const MARKS = /\p{M}/gu;
const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{N}]+/u;
const DIGITS = /\p{N}+/u;
const DIGITS_AROUND = /^\p{N}+|\p{N}+$/gu;
/** Where one word ends and the next begins in `ParleySupport`. */
const HUMP = /(?<=\p{Ll})(?=\p{Lu})/u;

const latin = { reserved: asSeen(RESERVED), companions: asSeen(COMPANIONS) };
const han = { reserved: asSeen(RESERVED_HAN), companions: asSeen(COMPANIONS_HAN) };
const titles = [...asSeen(TITLES_HAN)];

/**
 * Whether people would mistake somebody of this name for the service or its staff. That is so where
 * a reserved word, or its look-alike, stands alone (`System.`), is set apart (`parley-bot`,
 * `admin7`, `SupportAnn`), is spelt out (`s.y.s.t.e.m`), or has only other such words beside it
 * (`adminteam`). Inside another word it is not recognised: `systema`, `adminton`.
 *
 * @param displayed as `Username.displayed`
 */
export function isReserved(displayed: string): boolean {
  return readings(displayed).some((word) => speaksForTheService(word));
}

/** Everything in a name that may be read as a word. */
function readings(displayed: string): readonly string[] {
  const parts = displayed.split(NEITHER_LETTER_NOR_DIGIT);
  const words = [parts.join(''), parts.join('').replaceAll(new RegExp(DIGITS, 'gu'), '')];
  for (const part of parts) {
    // A digit may decorate a word (`admin7`), or stand for one of its letters (`r00t`).
    words.push(part, part.replaceAll(DIGITS_AROUND, ''), ...part.split(DIGITS));
    words.push(...part.split(HUMP));
  }
  return words.filter((word) => word !== '');
}

function speaksForTheService(word: string): boolean {
  const runs = seen(word).match(RUN) ?? [];
  return runs.some((run) => isMadeOf(run, latin) || isMadeOf(run, han) || hasTitle(run));
}

interface Words {
  readonly reserved: ReadonlySet<string>;
  readonly companions: ReadonlySet<string>;
}

/** Whether a text consists of such words only, at least one of them reserved. */
function isMadeOf(text: string, { reserved, companions }: Words): boolean {
  // For each length: whether a prefix of it can be made of words, and whether one of them is
  // reserved.
  const ways: { plain: boolean; reserved: boolean }[] = [{ plain: true, reserved: false }];
  for (let end = 1; end <= text.length; end++) {
    const way = { plain: false, reserved: false };
    for (let start = 0; start < end; start++) {
      const before = ways[start];
      if (before === undefined || !(before.plain || before.reserved)) continue;
      const word = text.slice(start, end);
      if (reserved.has(word)) way.reserved = true;
      else if (companions.has(word)) {
        way.plain ||= before.plain;
        way.reserved ||= before.reserved;
      }
    }
    ways.push(way);
  }
  return ways.at(-1)?.reserved === true;
}

function hasTitle(run: string): boolean {
  return titles.some((title) => run.startsWith(title) || run.endsWith(title));
}

function asSeen(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map(seen));
}

/** As it looks at a glance: `ádmin` reads as `admin`. */
function seen(word: string): string {
  return skeletonOf(skeletonOf(word).normalize('NFD').replaceAll(MARKS, ''));
}
