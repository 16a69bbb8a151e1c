/**
 * The `type` of a frame: the first thing that either side looks at.
 *
 * A number never changes its meaning. 12 to 16 are reserved for edits, deletions,
 * reactions, and joining and leaving a room. A client ignores types it doesn't know.
 */
export const FrameType = {
  /** Service: the session is over; a close follows at once. */
  Error: 0,
  /** Client: asks who is online. Service: the list. */
  GroupList: 1,
  /** Client: says something in a room. Service: a message in a room, or the welcome. */
  GroupChat: 2,
  /** Client: says something to one person. Service: a private message. */
  SingleChat: 3,
  /** Service: a person's first connection is there. */
  Enter: 4,
  /** Service: a person's last connection has been gone for a while. */
  Leave: 5,
  /** Service: the message with this `ref` is on disk. */
  Ack: 6,
  /** Service: a frame was not carried out; the session goes on. */
  Reject: 7,
  /** Client: names what it has. Service: what was missed is all here. */
  Sync: 8,
  /** Client: brings a fresh access token. Service: the connection lives on under it. */
  Renew: 9,
  /** Client: is typing, or has stopped. Service: everybody who is typing in a conversation. */
  Typing: 10,
  /** Client: has read up to here. Service: a person has. It speaks of a number and does not fill it. */
  Read: 11,
  /**
   * Service: a log entry of a kind that the service itself does not know, since a later version
   * wrote it. It fills its number. Far above all planned types: a client that does not know it
   * ignores it.
   */
  Unknown: 99,
} as const;
