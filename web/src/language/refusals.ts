import { computed } from '@preact/signals';
import { language, texts } from './language.js';

/** Why something was refused, by the service's code. Loaded where something was. */
const english: Readonly<Partial<Record<string, string>>> = {
  unreachable: 'The service cannot be reached. Please try again in a moment.',
  'invalid-credentials': 'Wrong name or password.',
  'username-taken': 'This name is taken.',
  'registration-closed': 'Registration is closed here.',
  'guests-closed': 'Guests are not admitted here.',
  'too-many-guests': 'There are too many guests now. Register, or try again later.',
  'rate-limited': 'That was too much at once. Please wait a little.',
  'text-too-long': 'The text is too long.',
  'unknown-recipient': 'There is nobody of that name.',
  'invalid-field': 'It contains something that cannot be sent here. Edit it and send it again.',
  'ref-conflict': 'Something else was sent under its number. Edit it and send it again.',
  'too-large': 'The text is too long.',
  internal: 'Something went wrong at the service.',
  'self-recipient': 'You cannot write to yourself.',
  'not-a-member': 'You are not a member there.',
  busy: 'The service is busy. Please try again.',
  'store-unavailable': 'It could not be stored. Please try again.',
};

const chinese: typeof english = {
  unreachable: '无法连接到服务，请稍后再试。',
  'invalid-credentials': '用户名或密码错误。',
  'username-taken': '用户名已被占用。',
  'registration-closed': '此处已关闭注册。',
  'guests-closed': '此处不允许访客进入。',
  'too-many-guests': '访客过多，请注册账号或稍后再试。',
  'rate-limited': '操作过于频繁，请稍候。',
  'text-too-long': '内容过长。',
  'unknown-recipient': '没有这个用户。',
  'invalid-field': '包含无法发送的内容，请修改后重新发送。',
  'ref-conflict': '该编号已用于其他消息，请修改后重新发送。',
  'too-large': '内容过长。',
  internal: '服务内部错误。',
  'self-recipient': '不能给自己发消息。',
  'not-a-member': '您不是该房间的成员。',
  busy: '服务繁忙，请稍后再试。',
  'store-unavailable': '暂时无法保存，请稍后再试。',
};

export const REFUSALS = { en: english, zh: chinese };

const refusals = computed(() => REFUSALS[language.value]);

/** @returns null for a code of a later service */
export function refusalText(code: string): string | null {
  return refusals.value[code] ?? null;
}

/** What was refused, with texts of its own for some codes. */
export function whyNot(code: string, own: Readonly<Record<string, string>> = {}): string {
  return own[code] ?? refusalText(code) ?? texts.value.somethingWrong;
}
