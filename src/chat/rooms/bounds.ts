const DAY_MS = 24 * 60 * 60 * 1_000;

/** Rooms that one person can be in. */
export const ROOMS_A_PERSON = 1_000;

/** People who can be in one room. */
export const MEMBERS_A_ROOM = 100_000;

/** Rooms that one person can make in {@link MADE_WITHIN_MS}. */
export const ROOMS_MADE = 20;
export const MADE_WITHIN_MS = DAY_MS;

/** Above this many members, whoever comes or goes by themselves is a row, and no event. */
export const EVENTS_UP_TO = 300;

/** People whom the creation of a room can add. */
export const ADDED_AT_FIRST = 100;

export const LIVE_LINKS = 50;
export const OPEN_INVITATIONS = 1_000;
export const LIVE_BANS = 10_000;

/** Code points. */
export const TITLE_LENGTH = 128;
export const TOPIC_LENGTH = 1_000;
export const REASON_LENGTH = 500;

/** How long an archived room can be restored. */
export const RESTORABLE_MS = 30 * DAY_MS;

/** How long the old name of a room leads to it. */
export const ALIAS_MS = 90 * DAY_MS;
