import type { RefusalCode } from '@parley/protocol';

export const LOCALES = ['en', 'zh'] as const;

/** The language of the texts that the service itself writes for people. */
export type Locale = (typeof LOCALES)[number];

/** Something that the service says to people. */
export type NoticeCode = keyof typeof NOTICES;

const REFUSALS: Readonly<Record<RefusalCode, Readonly<Record<Locale, string>>>> = {
  'bad-json': { en: 'The frame is not valid JSON.', zh: '消息不是有效的 JSON' },
  'too-deep': { en: 'The JSON is nested too deeply.', zh: 'JSON 嵌套过深' },
  'not-text': { en: 'Only text frames are understood.', zh: '只接受文本帧' },
  'unknown-type': { en: 'There is no such frame type.', zh: '未知的消息类型' },
  'unknown-field': { en: 'There is a field that is not known here.', zh: '包含未知字段' },
  'invalid-field': { en: 'A field is missing or not as it should be.', zh: '字段缺失或无效' },
  'invalid-body': { en: 'The request could not be read.', zh: '请求无法解析' },
  'too-large': { en: 'The request is too large.', zh: '请求过大' },
  'too-many-headers': { en: 'The request has too many headers.', zh: '请求头过多' },
  'headers-too-large': { en: "The request's headers are too large.", zh: '请求头过大' },
  'request-timeout': { en: 'The request took too long to arrive.', zh: '请求传输超时' },
  'unsupported-media-type': {
    en: 'Only application/json is understood, uncompressed and in UTF-8.',
    zh: '只接受未压缩的 UTF-8 application/json',
  },
  'text-too-long': { en: 'The text is too long.', zh: '内容过长' },
  'rate-limited': { en: 'Too much at once. Please slow down.', zh: '操作过于频繁，请稍后再试' },
  'not-a-member': { en: 'You are not a member there.', zh: '您不是该房间的成员' },
  'unknown-recipient': { en: 'There is nobody of that name.', zh: '没有这个用户' },
  'self-recipient': { en: 'You cannot write to yourself.', zh: '不能给自己发消息' },
  'ref-conflict': {
    en: 'This ref was already used for something else.',
    zh: '该 ref 已用于其他消息',
  },
  busy: { en: 'The service is busy. Please try again.', zh: '服务繁忙，请稍后再试' },
  'store-unavailable': {
    en: 'It could not be stored. Please try again.',
    zh: '暂时无法保存，请稍后再试',
  },
  stopping: { en: 'The service is restarting. Please reconnect.', zh: '服务正在重启，请重新连接' },
  internal: { en: 'Something went wrong here.', zh: '服务内部错误' },
  unauthorized: { en: 'Please log in.', zh: '请先登录' },
  'invalid-token': { en: 'The token is not valid.', zh: 'token无效' },
  'token-expired': { en: 'The token has expired.', zh: 'token过期' },
  'session-revoked': {
    en: 'This session has ended. Please log in again.',
    zh: '会话已结束，请重新登录',
  },
  'invalid-credentials': { en: 'Wrong username or password.', zh: '用户名或密码错误' },
  'wrong-password': { en: 'The current password is wrong.', zh: '当前密码错误' },
  'username-taken': {
    en: 'This name is taken, or looks like one that is. Please choose another.',
    zh: '用户名已被占用或与已有的相似，请换一个',
  },
  'username-invalid': {
    en: 'This name cannot be used. Take letters and digits, with - _ or . between them, without spaces.',
    zh: '用户名不可用，请使用字母、汉字和数字，可含 - _ .，不含空格',
  },
  'registration-closed': { en: 'Registration is closed.', zh: '注册已关闭' },
  'guests-closed': {
    en: 'Guests are not admitted. Please log in or register.',
    zh: '不允许访客进入，请登录或注册',
  },
  'too-many-guests': {
    en: 'There are too many guests now. Please register, or try again later.',
    zh: '访客过多，请注册账号或稍后再试',
  },
  'guest-has-no-password': {
    en: 'A guest has no password. Register to have one.',
    zh: '访客没有密码，请先注册账号',
  },
  'not-found': { en: 'There is nothing here.', zh: '未找到' },
  'method-not-allowed': { en: 'That cannot be done here.', zh: '不支持的请求方法' },
  'foreign-origin': { en: 'This origin is not allowed.', zh: '来源不被允许' },
  'too-many-connections': { en: 'Too many connections.', zh: '连接过多' },
  'unknown-namespace': {
    en: 'There is only the default namespace: connect without a path.',
    zh: '这里只有默认命名空间，请去掉地址中的路径后再连接',
  },
  'bad-request': { en: 'The request is not understood.', zh: '请求无效' },
  'unsupported-client': {
    en: 'This client is too old: one of Socket.IO 3 or 4 (Engine.IO 4) is needed.',
    zh: '客户端版本过旧，需要 Socket.IO 3 或 4（Engine.IO 4）',
  },
  'upgrade-required': { en: 'This address speaks WebSocket.', zh: '此地址仅支持 WebSocket' },
};

const NOTICES = {
  welcome: { en: 'Welcome to the chat', zh: '欢迎来到聊天室' },
  entered: { en: '{name} entered the chat', zh: '{name}进入了聊天室' },
  left: { en: '{name} left the chat', zh: '{name}离开了聊天室' },
  guest: { en: 'guest-{name}', zh: '用户{name}' },
} as const satisfies Record<string, Record<Locale, string>>;

export const NOTICE_CODES = Object.keys(NOTICES) as readonly NoticeCode[];

export function refusalText(locale: Locale, code: RefusalCode): string {
  return REFUSALS[code][locale];
}

/** @param name what stands for `{name}` in the notice; inserted as it is, in one place */
export function noticeText(locale: Locale, code: NoticeCode, name = ''): string {
  return NOTICES[code][locale].replace('{name}', () => name);
}
