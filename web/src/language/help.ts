import { computed } from '@preact/signals';
import { language } from './language.js';

/** What keys do. It is loaded with the dialog that tells it. */
const english = {
  newLine: 'Begin a new line',
  nextConversation: 'Next conversation',
  previousConversation: 'Previous conversation',
  closeWhatIsOpen: 'Close what is open',
  shortcutsElsewhere: 'Keyboard shortcuts, where you are not writing',
  singleKey: 'The key ? alone opens this help',
  editLast: 'Edit your last message, from an empty field',
};

const chinese: typeof english = {
  newLine: '换行',
  nextConversation: '下一个会话',
  previousConversation: '上一个会话',
  closeWhatIsOpen: '关闭已打开的内容',
  shortcutsElsewhere: '键盘快捷键（不在输入时）',
  singleKey: '单按 ? 键打开此帮助',
  editLast: '编辑您的上一条消息（输入框为空时）',
};

export const helpTexts = computed(() => (language.value === 'zh' ? chinese : english));
