import { computed } from '@preact/signals';
import { language } from './language.js';

/** What only the download of a history says. It is loaded with it. */
const english = {
  downloadOf: (place: string) => `Download the history of ${place}`,
  formats: {
    txt: { name: 'Text', hint: 'for reading' },
    csv: { name: 'CSV', hint: 'for spreadsheets' },
    json: { name: 'JSON', hint: 'one document' },
    ndjson: { name: 'NDJSON', hint: 'one message per line, for programs' },
  },
  format: 'Format',
  downloadNow: 'Download',
  received: (amount: string) => `${amount} received`,
  downloadFailed: 'The download was interrupted. Please try again.',
  downloadDone: (amount: string) => `Done: ${amount}.`,
};

const chinese: typeof english = {
  downloadOf: (place) => `下载“${place}”的聊天记录`,
  formats: {
    txt: { name: '文本', hint: '便于阅读' },
    csv: { name: 'CSV', hint: '用于表格软件' },
    json: { name: 'JSON', hint: '单个文档' },
    ndjson: { name: 'NDJSON', hint: '每行一条消息，便于程序处理' },
  },
  format: '格式',
  downloadNow: '下载',
  received: (amount) => `已接收 ${amount}`,
  downloadFailed: '下载中断，请重试。',
  downloadDone: (amount) => `完成：${amount}。`,
};

export const downloadTexts = computed(() => (language.value === 'zh' ? chinese : english));
