import { chinese as chineseTexts } from './chinese.js';
import { count, english as englishTexts } from './english.js';
import { REFUSALS } from './refusals.js';

/** What only the login says, in English. It is loaded with the login. */
const english = {
  tagline: 'A quiet place to talk.',
  logIn: 'Log in',
  register: 'Register',
  enterAs: 'How you enter',
  username: 'Name',
  guestName: 'Name (optional)',
  guestHint: 'No account needed. Without a name you are given one.',
  guestEndsWithTab:
    'A guest’s name is theirs until they log out or close this tab. After that you cannot come back under it.',
  guestEndsWithLogOut:
    'A guest’s name is theirs until they log out. After that you cannot come back under it.',
  password: 'Password',
  passwordHint: (min: number) => `At least ${count(min, 'character', 'characters')}.`,
  showPassword: 'Show password',
  stay: 'Stay logged in on this device',
  logInNow: 'Log in',
  registerNow: 'Create account',
  guestNow: 'Enter as guest',
  oneMoment: 'One moment…',

  ended: {
    expired: 'Your session has expired. Please log in again.',
    revoked: 'This session was ended. Please log in again.',
    elsewhere: 'You logged out in another tab.',
    replaced: 'Somebody else logged in in another tab.',
  },

  nameMissing: 'Please write a name.',
  nameSpace: 'A name has no spaces in it. Write - or _ instead.',
  nameAt: 'A name does not begin with @.',
  nameSeparator: 'A name has no / and no : in it.',
  nameDots: 'Dots alone are no name.',
  nameUnseen: 'There is a character in the name that cannot be seen. Please type it anew.',
  nameSign: (sign: string) => `A name has no ${sign} in it: only letters, digits and plain signs.`,
  nameLong: (max: number) => `A name has at most ${count(max, 'character', 'characters')}.`,
  nameRules: (max: number | null) =>
    `This name cannot be used. A name has letters of any script (those read from right to left not mixed with others), digits and plain signs${max === null ? '' : `, ${String(max)} at most`}; no spaces, no / or :, and no @ at its beginning.`,
  passwordMissing: 'Please write the password.',
  passwordShort: (min: number) =>
    `The password is too short: at least ${count(min, 'character', 'characters')}.`,
  passwordLong: (max: number, length: number) =>
    `The password is too long: it has ${length.toLocaleString('en')} characters, and ${max.toLocaleString('en')} are the most.`,
  invalidPassword: 'The password is too short or too long, or has broken characters in it.',
};

const chinese: typeof english = {
  tagline: '一个安静的聊天空间。',
  logIn: '登录',
  register: '注册',
  enterAs: '进入方式',
  username: '用户名',
  guestName: '名称（可选）',
  guestHint: '无需账号。不填名称时会自动分配一个。',
  guestEndsWithTab: '退出登录或关闭此标签页后，访客名称即失效，您将无法再以该名称进入。',
  guestEndsWithLogOut: '退出登录后，访客名称即失效，您将无法再以该名称进入。',
  password: '密码',
  passwordHint: (min) => `至少 ${String(min)} 个字符。`,
  showPassword: '显示密码',
  stay: '在此设备上保持登录',
  logInNow: '登录',
  registerNow: '创建账号',
  guestNow: '以访客身份进入',
  oneMoment: '请稍候…',

  ended: {
    expired: '登录已过期，请重新登录。',
    revoked: '会话已结束，请重新登录。',
    elsewhere: '您已在另一个标签页中退出登录。',
    replaced: '另一个标签页中登录了其他账号。',
  },

  nameMissing: '请输入名称。',
  nameSpace: '名称中不能有空格，可用 - 或 _ 代替。',
  nameAt: '名称不能以 @ 开头。',
  nameSeparator: '名称中不能有 / 或 :。',
  nameDots: '名称不能只有点号。',
  nameUnseen: '名称中含有不可见的字符，请重新输入。',
  nameSign: (sign) => `名称中不能有 ${sign}，只能使用文字、数字和普通符号。`,
  nameLong: (max) => `名称最多 ${String(max)} 个字符。`,
  nameRules: (max) =>
    `此名称不可用。名称可包含任何文字（从右到左书写的文字不能与其他文字混用）、数字和普通符号${max === null ? '' : `，最多 ${String(max)} 个字符`}；不能有空格、/ 或 :，也不能以 @ 开头。`,
  passwordMissing: '请输入密码。',
  passwordShort: (min) => `密码过短，至少 ${String(min)} 个字符。`,
  passwordLong: (max, length) => `密码过长：共 ${String(length)} 个字符，最多 ${String(max)} 个。`,
  invalidPassword: '密码过短、过长或含有损坏的字符。',
};

/** What the login says, in each language: its own, and what all of the page says. */
export const LOGIN_TEXTS = {
  en: { ...englishTexts, ...english, refusals: REFUSALS.en },
  zh: { ...chineseTexts, ...chinese, refusals: REFUSALS.zh },
};

export type LoginTexts = (typeof LOGIN_TEXTS)['en'];
