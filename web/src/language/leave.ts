import { computed } from '@preact/signals';
import { count } from './english.js';
import { language } from './language.js';

/** What is said before a log-out that loses something. It is loaded with the dialog. */
const english = {
  leaveTitle: 'Log out?',
  leaveGuest: (name: string) =>
    `You are a guest: after this nobody can come back as ${name}, you neither.`,
  leaveUnsent: (number: number) =>
    `${count(number, 'message is', 'messages are')} not sent yet and would be gone.`,
  stayHere: 'Stay',
};

const chinese: typeof english = {
  leaveTitle: '要退出登录吗？',
  leaveGuest: (name) => `您是访客：退出后，任何人（包括您）都无法再以“${name}”进入。`,
  leaveUnsent: (number) => `还有 ${String(number)} 条消息未发送，退出后将丢失。`,
  stayHere: '留下',
};

export const leaveTexts = computed(() => (language.value === 'zh' ? chinese : english));
