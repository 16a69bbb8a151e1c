/**
 * Why something is declined: in Error and Reject frames, and in the problem details (RFC 9457) of
 * an HTTP answer. Codes are for programs and are never renamed; a client that meets one which it
 * doesn't know goes by `retryable`.
 */
export const REFUSAL_CODES = [
  // What was sent cannot be read.
  'bad-json', // not a JSON object
  'too-deep', // nested too deeply
  'not-text', // a binary frame
  'unknown-type', // there is no such frame, or `type` is no number
  'unknown-field', // a field that does not belong there
  'invalid-field', // missing, of the wrong kind or out of bounds
  'invalid-body', // the body could not be read
  'too-large', // more bytes than a body may have
  'too-many-headers',
  'headers-too-large',
  'request-timeout', // the request did not arrive in time
  'unsupported-media-type', // a body that is not application/json

  // What was asked for cannot be done.
  'text-too-long', // more code points than a message may have
  'rate-limited', // wait as long as the answer says
  'not-a-member', // not in that room, whether there is one or not
  'unknown-recipient', // nobody of that name
  'self-recipient', // a message to oneself
  'ref-conflict', // the ref stands for another message
  'forbidden', // a member, but without the right: `needs` names the least role that has it
  'banned', // of a room that everybody may enter
  'room-exists', // the name of a room is taken, or looks like one that is
  'room-full', // as many members as a room may have
  'too-many-rooms', // as many rooms as a person may be in
  'room-archived', // it can only be read
  'last-owner', // somebody else must become an owner first
  'invitation-invalid', // a link that is unknown, used up or over
  'limit-reached', // as many as may be: `limit` says how many
  'unknown-message', // no such message, or not to be seen
  'message-deleted',
  'not-author', // only the author may do that
  'too-late', // the time for it is over
  'edit-conflict', // somebody has edited it meanwhile
  'attachment-unknown', // no such file, or not to be seen
  'attachment-not-ready', // not all of it has arrived: ask how much, and send the rest
  'quota-exceeded', // more bytes than a person, or the service, may keep: `limit` says how many

  // The service cannot do it now.
  'busy', // a queue is full; retry
  'store-unavailable', // the store does not answer; retry a message with the same ref
  'index-behind', // the index of messages is being made; search later
  'stopping', // the node stops; reconnect and retry
  'internal', // a fault of the service

  // Who is asking?
  'unauthorized', // no token
  'invalid-token', // not a token of this service, or used up
  'token-expired', // refresh it
  'session-revoked', // logged out; log in again
  'invalid-credentials', // wrong name or wrong password; it does not say which
  'wrong-password', // the current password, when changing it
  'username-taken', // the name, or one that looks like it
  'username-invalid', // a name that cannot be used
  'registration-closed',
  'guests-closed',
  'too-many-guests', // register, or try later
  'guest-has-no-password', // a guest asked for what takes a password

  // The request went to the wrong door.
  'not-found', // no such path
  'method-not-allowed', // the header Allow names those that there are
  'foreign-origin', // a page of another origin
  'too-many-connections', // of the address, the person or the node
  'unknown-namespace', // of Socket.IO: only the default one is there
  'bad-request', // not a proper request
  'unsupported-client', // a Socket.IO client that does not speak Engine.IO 4
  'upgrade-required', // the socket's path without an upgrade
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];
