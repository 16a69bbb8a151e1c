import { computed } from '@preact/signals';
import { language } from './language.js';

/** What the dialogs of rooms say. They are loaded with these. */
const english = {
  find: 'Find a public room',
  join: 'Join',
  open: 'Open',
  noneFound: 'There is no such public room.',
  make: 'Make a room',
  name: 'Name',
  kind: 'Who can come in',
  kinds: {
    public: 'everybody',
    private: 'only who is invited or added',
    announcement: 'everybody, to read what moderators write',
  },
  makeNow: 'Make the room',
  people: (number: number) =>
    number === 1 ? '1 member' : `${number.toLocaleString('en')} members`,
  add: 'Add somebody by name',
  addNow: 'Add',
  leave: 'Leave the room',
  more: 'Show more',
  outside: 'You are not in this room.',
  refusals: {
    'room-exists': 'This name is taken.',
    'not-a-member': 'There is no such room, or you are not invited to it.',
    'invalid-field': 'This name cannot be used.',
    'unknown-recipient': 'There is nobody of that name.',
    'limit-reached': 'You have made as many rooms as one may make in a day.',
    'too-many-rooms': 'That is in as many rooms as one may be in.',
    'room-full': 'The room is full.',
    'room-archived': 'The room is archived.',
    'last-owner': 'You are its only owner: make somebody else an owner first.',
    banned: 'You were removed from this room.',
    forbidden: 'You may not do that here.',
  } as Record<string, string>,
};

const chinese: typeof english = {
  find: '查找公开房间',
  join: '加入',
  open: '打开',
  noneFound: '没有这样的公开房间。',
  make: '新建房间',
  name: '名称',
  kind: '谁可以加入',
  kinds: {
    public: '所有人',
    private: '仅限受邀或被添加的人',
    announcement: '所有人可阅读，仅管理员可发言',
  },
  makeNow: '创建房间',
  people: (number) => `${number.toLocaleString('zh')} 名成员`,
  add: '按名称添加成员',
  addNow: '添加',
  leave: '离开房间',
  more: '显示更多',
  outside: '您不在该房间中。',
  refusals: {
    'room-exists': '该名称已被使用。',
    'not-a-member': '没有这个房间，或者您未受邀请。',
    'invalid-field': '该名称不可用。',
    'unknown-recipient': '没有这个用户。',
    'limit-reached': '您今天创建的房间已达上限。',
    'too-many-rooms': '加入的房间已达上限。',
    'room-full': '房间已满。',
    'room-archived': '房间已归档。',
    'last-owner': '您是唯一的所有者：请先将其他人设为所有者。',
    banned: '您已被移出该房间。',
    forbidden: '您在此处没有这项权限。',
  },
};

export const roomTexts = computed(() => (language.value === 'zh' ? chinese : english));
