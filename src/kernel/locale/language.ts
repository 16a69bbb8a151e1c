import type { RefusalCode } from '@parley/protocol';

export const NOTICE_CODES = [
  ...(['welcome', 'entered', 'left', 'guest'] as const),
  ...(['joined', 'added', 'parted', 'kicked', 'banned'] as const),
] as const;

/** Something that the service says to people. */
export type NoticeCode = (typeof NOTICE_CODES)[number];

/**
 * All texts that the service writes for people, in one language. A missing one does not compile.
 */
export interface Language {
  readonly refusals: Readonly<Record<RefusalCode, string>>;
  /** `{name}` stands for a person's name. */
  readonly notices: Readonly<Record<NoticeCode, string>>;
}
