/**
 * @typedef {object} Row something that the service must withstand
 * @property {string} id tests carry it in their title, in square brackets
 * @property {string} says what is tried, and what must come of it
 * @property {string} [beyond] the part that its tests do not show, and why
 * @property {string} [awaits] where its tests are to come; there are none yet
 * @property {string} [exception] why it has no test; docs/operations.md says what protects instead
 */

/** @type {readonly Row[]} */
export const SECURITY_ROWS = [
  { id: 'S1', says: 'a foreign, null or look-alike Origin: 403 before the upgrade' },
  { id: 'S2', says: 'no valid authentication: no frame of the chat, no state kept' },
  { id: 'S3', says: 'a token in the URL: in no log and no error' },
  { id: 'S4', says: 'a ticket used twice, by fifty at once, or too late: one success at most' },
  { id: 'S5', says: 'a forged token, by algorithm, claim or key: refused' },
  { id: 'S6', says: 'a token that ends in an open socket: Renew, or a close within 5 s' },
  {
    id: 'S7',
    says: 'a log-out or new password: the sockets of the ended sessions close within 2 s, on every node',
  },
  { id: 'S8', says: 'what a stranger sends, reads or types: forbidden, the same for any room' },
  {
    id: 'S9',
    says: 'somebody who was put out: nothing is delivered any more',
  },
  { id: 'S10', says: 'an author, number or time of the own choice: rejected' },
  { id: 'S11', says: 'a Sync or history of a conversation of others: refused' },
  { id: 'S12', says: 'an unknown name and a wrong password: the same answer for the same work' },
  { id: 'S13', says: 'guessing a password: 429, and its owner is never locked out for good' },
  { id: 'S14', says: 'a password or body that is too long: refused before it is hashed' },
  { id: 'S15', says: '200 log-ins at once: a few are hashed, the rest 503, people talk on' },
  { id: 'S16', says: 'a missing, short or well-known secret in production: no start' },
  { id: 'S17', says: 'a frame beyond the limit: 1009, memory stays flat' },
  { id: 'S18', says: 'floods of fragments, empty ones too: 1008' },
  { id: 'S19', says: 'compression offered: not negotiated' },
  { id: 'S20', says: 'a flood of pings whose pongs nobody reads: terminated' },
  { id: 'S21', says: 'violations of the protocol: 1002 or 1007, the service lives on' },
  { id: 'S22', says: 'JSON nested beyond the limit: rejected' },
  { id: 'S23', says: 'keys that reach a prototype: rejected, prototypes as they were' },
  { id: 'S24', says: 'an unknown type or field: rejected; again and again: 1008' },
  { id: 'S25', says: 'headers that come too slowly: cut off within 10 s' },
  { id: 'S26', says: '2,000 headers: 431, the service lives on' },
  { id: 'S27', says: 'an upgrade with a bad path or Host: a plain 4xx' },
  {
    id: 'S28',
    says: 'too many sockets of an address, a person, in all: refused, others unaffected',
  },
  { id: 'S29', says: 'X-Forwarded-For from anybody: ignored' },
  { id: 'S30', says: 'a flood of messages: rejected with a delay, then 1008' },
  {
    id: 'S31',
    says: 'a reader that stalls: presence and typing are dropped, then 4408, memory bounded',
  },
  { id: 'S32', says: 'what means something to SQL or LIKE: taken literally' },
  { id: 'S33', says: 'a limit of -1, 1e9, NaN: 400' },
  { id: 'S34', says: 'names that collide, confuse or hide something: refused' },
  { id: 'S35', says: 'control characters and half characters in a text: refused' },
  { id: 'S36', says: 'markup in a message: no script runs, and the page admits none inline' },
  { id: 'S37', says: 'line breaks in names, headers, reasons of a close: one line in the log' },
  {
    id: 'S38',
    says: 'a password, token or message: in no log, metric or error',
  },
  { id: 'S39', says: 'an exception inside: the client gets a code and an id, and nothing else' },
  { id: 'S40', says: '64 KiB made to be slow: each validator takes less than 10 ms' },
  { id: 'S41', says: 'the public port: no metrics, no detail of the health' },
  { id: 'S42', says: 'the same ref with another text: the first wins, the other is rejected' },
  {
    id: 'S43',
    says: 'requests in a row on one connection, their answers unread, cut: files and memory come back',
  },
  {
    id: 'S44',
    says: 'a parameter that is empty, doubled, encoded twice: one meaning for all, or 400',
  },
  { id: 'S45', says: 'any frame or call in a flood: its bucket is empty, others talk on' },
  {
    id: 'S46',
    says: 'sessions and readers that were abandoned: ended, all queues bounded together',
  },
  { id: 'S47', says: 'whatever stands on Redis that no node said: ignored and counted' },
  { id: 'S48', says: 'the clocks of nodes apart, or jumping: a log-out holds on every node' },
  { id: 'S49', says: 'a crowd that writes to somebody: what a friend wrote still comes' },
  { id: 'S50', says: 'log lines, accounts and names made by strangers: bounded, in all' },
  { id: 'S51', says: "others' log-ins in a flood: an owner at a known address gets in" },
  {
    id: 'S52',
    says: 'a refresh whose answer was lost: the session lives; a stolen token: it ends',
  },
  { id: 'S53', says: 'Host, X-Forwarded-*, Forwarded in any form: the right address and origin' },
  { id: 'S54', says: 'another Node, Express or Engine.IO: what knows their inside steps aside' },
  { id: 'S55', says: 'texts that show nothing, names that pose as staff: refused' },
  {
    id: 'S56',
    says: 'a private room, asked for from outside in any way: as if there were none, in the same time',
  },
  {
    id: 'S57',
    says: 'somebody put out while sending: nothing stands or arrives above the cut, on any node',
  },
  {
    id: 'S58',
    says: 'a text that was deleted: in no page, frame, export, log or memory',
  },
  {
    id: 'S59',
    says: 'a role used on an equal or higher one, by the last owner, after one lost it: refused',
  },
  {
    id: 'S60',
    says: 'a file, to those outside, removed, or once its message is deleted: as if there were none',
  },
  {
    id: 'S61',
    says: 'HTML, SVG, polyglots, names with paths, types that lie: never run, shown or written',
  },
  {
    id: 'S62',
    says: 'searches of any length and syntax, for a million: bounded, only what one may read',
  },
];

/** @type {readonly Row[]} */
export const FAULT_ROWS = [
  { id: 'F1', says: 'kill -9 while writing: everything acknowledged is there once, in order' },
  { id: 'F2', says: 'a loss of power: synced before the Ack' },
  { id: 'F3', says: 'SIGTERM: a drain, everything accepted is stored' },
  { id: 'F4', says: 'a full disk: Reject, reads go on, it heals by itself' },
  { id: 'F5', says: 'a sync that fails: no Ack' },
  { id: 'F6', says: 'a locked database: a bounded queue, Reject, it heals' },
  { id: 'F7', says: 'Redis restarts or is cut off: the gap is refilled' },
  { id: 'F8', says: 'a node of several dies: its ghosts go, no loss' },
  { id: 'F9', says: 'a half-open connection: found within two heartbeats' },
  { id: 'F10', says: 'a cut at any byte: a resume gives exactly what is missing' },
  { id: 'F11', says: 'the clock jumps: order by number, timers go on' },
  { id: 'F12', says: 'the service sleeps: nobody is timed out for it' },
  { id: 'F13', says: 'no file descriptors: open sockets live, accepting recovers' },
  { id: 'F14', says: 'a storm of reconnects: all resume, bystanders do not notice' },
  { id: 'F15', says: 'double sends, many devices, log-ins at once: one row, one Ack each' },
  { id: 'F18', says: 'kill -9 in an upload: nothing half is to be had, and it goes on' },
];
