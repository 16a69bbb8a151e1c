export function count(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number.toLocaleString('en')} ${many}`;
}

/** What the page says, in English. */
export const english = {
  language: 'Language',
  skip: 'Skip to writing',

  guest: 'Guest',

  somethingWrong: 'Something went wrong. Please try again.',

  lobby: 'Lobby',
  conversations: 'Conversations',
  peopleOnline: 'People online',
  typing: (name: string, number: number) =>
    number === 1
      ? `${name} is typing…`
      : `${name} and ${count(number - 1, 'other', 'others')} are typing…`,
  onlineCount: (number: number) => `${number.toLocaleString('en')} online`,
  findPeople: 'Find people',
  nobodyFound: 'Nobody of that name is online.',
  noSuchPerson: 'There is nobody of that name',
  writeTo: (name: string) => `Write to ${name}`,
  morePeople: (number: number) => `and ${number.toLocaleString('en')} more; search to find them`,
  you: 'you',
  private: 'private',
  forEverybody: 'for everybody',
  room: 'room',
  rooms: 'Rooms',
  roomMembers: 'Members of the room',
  partFailed: 'This part of the page could not be loaded.',
  joined: (name: string, by: string | null) =>
    by === null ? `${name} joined` : `${by} brought ${name} in`,
  parted: (name: string, by: string | null) =>
    by === null ? `${name} left the room` : `${by} removed ${name}`,
  roomChanged: (by: string) => `${by} changed the room`,
  roleGiven: (name: string, role: string, by: string) => `${by} made ${name} ${role}`,
  roles: {
    owner: 'an owner',
    moderator: 'a moderator',
    member: 'a member',
    reader: 'a reader',
  } as Record<string, string>,
  presence: { online: 'online', away: 'not online' },
  directsFailed: 'Your private conversations could not be loaded.',
  privateHint: 'Private: only the two of you can read this.',
  online: 'online',
  notOnline: 'not online; gets it on return',
  openMenu: 'Conversations and people',
  closeMenu: 'Close',
  unread: (number: number) => count(number, 'unread message', 'unread messages'),
  logOut: 'Log out',

  shortcuts: 'Keyboard shortcuts',

  connected: 'Connected',
  connecting: 'Connecting…',
  disconnected: 'Disconnected',
  lost: 'Connection lost',
  networkGone: 'No network',
  noNetwork: 'Your device has no network. What you write is sent when it is back.',
  noAnswer: 'No answer…',
  overdue: 'The service does not answer at the moment. What you write may arrive late.',
  retrying: 'There is no connection. The page keeps trying by itself.',
  retryIn: (seconds: number) =>
    seconds > 0
      ? `Connection lost. Trying again in ${String(seconds)} s.`
      : 'Connection lost. Trying again…',
  stopped: 'The service ended the connection. Connect again when you are ready.',
  youDisconnected: 'You are disconnected. What you write is sent when you connect.',
  connect: 'Connect',
  connectNow: 'Connect now',
  disconnect: 'Disconnect',

  messages: 'Messages',
  heard: (author: string, text: string) => `${author}: ${text}`,
  heardPrivately: (author: string, text: string) => `Private message from ${author}: ${text}`,
  heardMany: (number: number, place: string) =>
    `${place}: ${count(number, 'new message', 'new messages')}`,
  beginning: 'This is where it begins.',
  deleted: '(deleted)',
  edited: 'edited',
  pinned: 'pinned',
  reactions: 'Reactions',
  reaction: (key: string, number: number) => `${key}: ${count(number, 'person', 'people')}`,
  inThread: (number: number) => count(number, 'answer', 'answers'),
  ofThread: 'in a thread',
  quoted: (author: string) => `Answers ${author}`,
  quoteGone: 'This message is not there.',
  actions: 'What to do with this message',
  replyingTo: (author: string) => `Replying to ${author}`,
  editing: 'Editing your message',
  pins: 'Pinned messages',
  searchMessages: 'Search messages',
  empty: 'Nothing was said yet. Say hello!',
  loading: 'Loading…',
  notLoadedYet: 'The messages are not loaded yet. They come with the connection.',
  loadFailed: 'The messages could not be loaded.',
  tryAgain: 'Try again',
  newMessages: (number: number) => count(number, 'new message', 'new messages'),
  newBelow: 'New',
  toLatest: 'To the latest messages',
  entered: (name: string) => `${name} entered`,
  left: (name: string) => `${name} left`,
  enteredMany: (number: number) => count(number, 'person entered', 'people entered'),
  leftMany: (number: number) => count(number, 'person left', 'people left'),
  today: 'Today',
  yesterday: 'Yesterday',

  writeHere: (place: string) => `Message to ${place}`,
  toEverybody: 'everybody',
  send: 'Send',
  keys: 'Enter sends, Shift+Enter begins a new line',
  charactersLeft: (number: number) => count(number, 'character left', 'characters left'),
  tooLong: (number: number) => count(number, 'character too many', 'characters too many'),
  noFiles: 'Files cannot be sent here, only text.',
  attach: 'Attach files',
  outboxFull: 'Too many messages are waiting to be sent.',
  pending: 'Sending…',
  stored: 'Sent and stored',
  failed: 'Not sent',
  colon: ': ',
  retry: 'Try again',
  edit: 'Edit',
  discard: 'Discard',

  download: 'Download history',
  cancel: 'Cancel',
  close: 'Close',
};

/** Every language says the same things. */
export type Texts = typeof english;
