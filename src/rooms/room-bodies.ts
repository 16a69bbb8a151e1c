import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  registerDecorator,
  ValidateIf,
} from 'class-validator';
import {
  HISTORY_RULES,
  type HistoryRule,
  RIGHTS,
  type RightsMap,
  type Role,
  ROLES,
  ROOM_KINDS,
  type RoomKind,
} from '../chat/conversations/room.js';
import { type Level, LEVELS } from '../chat/conversations/room-change.js';
import { MOST_ATTACHED } from '../chat/messages/changing/attachables.js';
import { ADDED_AT_FIRST } from '../chat/rooms/bounds.js';

/** UTF-16 units; the domain counts code points. */
const LONGEST_NAME = 512;
const LONGEST_TEXT = 4_000;
/** A year, in seconds. */
const LONGEST_LIFETIME = 365 * 24 * 60 * 60;
const MOST_USES = 1_000_000;

/** Absent is what it is; null is none of it, and needs to be allowed. */
function IsGiven(): PropertyDecorator {
  return ValidateIf((_body, value) => value !== undefined);
}

export class NewRoomBody {
  @IsString()
  @Length(1, LONGEST_NAME)
  readonly name!: string;

  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TEXT)
  readonly title?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TEXT)
  readonly topic?: string | null;

  @IsIn(ROOM_KINDS)
  readonly kind!: RoomKind;

  @IsIn(HISTORY_RULES)
  readonly history!: HistoryRule;

  /** Names of people to be added. */
  @IsGiven()
  @IsArray()
  @ArrayMaxSize(ADDED_AT_FIRST)
  @IsString({ each: true })
  @Length(1, LONGEST_NAME, { each: true })
  readonly members?: readonly string[];

  @IsGiven()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}

export class RoomPatchBody {
  @IsGiven()
  @IsString()
  @Length(1, LONGEST_NAME)
  readonly name?: string;

  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TEXT)
  readonly title?: string | null;

  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TEXT)
  readonly topic?: string | null;

  @IsGiven()
  @IsIn(ROOM_KINDS)
  readonly kind?: RoomKind;

  @IsGiven()
  @IsIn(HISTORY_RULES)
  readonly history?: HistoryRule;

  /** All that is to differ from the defaults of the kind. */
  @IsGiven()
  @IsRights()
  readonly rights?: RightsMap;
}

export class MemberBody {
  @IsGiven()
  @IsIn(ROLES)
  readonly role?: Role;
}

export class MemberSettingsBody {
  @IsGiven()
  @IsIn(LEVELS)
  readonly level?: Level;

  /** Milliseconds since the epoch. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly muted_until?: number | null;
}

export class LinkBody {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_USES)
  readonly uses?: number | null;

  /** Seconds. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_LIFETIME)
  readonly expires_in?: number | null;
}

export class CodeBody {
  @IsString()
  @Length(1, 64)
  readonly code!: string;
}

export class BanBody {
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_TEXT)
  readonly reason?: string | null;

  /** Seconds. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_LIFETIME)
  readonly expires_in?: number | null;
}

export class MessageBody {
  /** The chat service checks length and content. */
  @IsString()
  @MaxLength(1_000_000)
  readonly data!: string;

  @IsGiven()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;

  /** The number of the message that it quotes. */
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly reply?: number | null;

  /** The number of the first message of the thread in which it is said. */
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly thread?: number | null;

  /** It is said outside the thread as well. */
  @IsOptional()
  @IsBoolean()
  readonly also?: boolean | null;

  /** Names of people in the conversation. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 128, { each: true })
  readonly mentions?: readonly string[] | null;

  /** It mentions everybody. */
  @IsOptional()
  @IsBoolean()
  readonly mention_all?: boolean | null;

  /** Ids of files of one's own. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_ATTACHED)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  readonly attachments?: readonly string[] | null;
}

function IsRights(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isRights',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: isRights },
    });
  };
}

function isRights(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const rights: readonly string[] = RIGHTS;
  const roles: readonly unknown[] = ROLES;
  return Object.entries(value).every(
    ([right, role]) => rights.includes(right) && roles.includes(role),
  );
}
