import { computed } from '@preact/signals';
import { language } from './language.js';

/** What is said of files. It is loaded with them. */
const english = {
  remove: (name: string) => `Remove ${name}`,
  sending: (name: string) => `Sending ${name}`,
  ready: 'ready to be sent',
  save: (name: string) => `Save ${name}`,
  gone: 'This file cannot be had any more.',
  refusals: {
    'too-large': 'The file is too large.',
    'quota-exceeded': 'There is no room left for your files.',
    'attachment-not-ready': 'The file did not arrive whole. Please try again.',
    'invalid-field': 'This file cannot be sent.',
    unreachable: 'The file could not be sent. Please try again.',
  } as Record<string, string>,
};

const chinese: typeof english = {
  remove: (name) => `移除 ${name}`,
  sending: (name) => `正在上传 ${name}`,
  ready: '可以发送',
  save: (name) => `保存 ${name}`,
  gone: '该文件已无法获取。',
  refusals: {
    'too-large': '文件过大。',
    'quota-exceeded': '您的文件空间已满。',
    'attachment-not-ready': '文件未完整送达，请重试。',
    'invalid-field': '无法发送该文件。',
    unreachable: '文件发送失败，请重试。',
  },
};

export const fileTexts = computed(() => (language.value === 'zh' ? chinese : english));

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** @param bytes as people say it: `1.4 MB` */
export function sizeText(bytes: number): string {
  const power = Math.min(
    UNITS.length - 1,
    Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1_000)),
  );
  const amount = bytes / 1_000 ** power;
  return `${amount.toLocaleString('en', { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${UNITS[power] ?? ''}`;
}
