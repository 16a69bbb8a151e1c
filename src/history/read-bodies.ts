import { IsBoolean, IsInt, IsOptional, Max, Min, registerDecorator } from 'class-validator';

/** Conversations that one call may name. */
const MOST_CONVERSATIONS = 200;
const LONGEST_NAME = 130;

export class ReadBody {
  /** The last number that was read; with `unread`, the first that was not. */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly seq!: number;

  /** Sets the mark back. */
  @IsOptional()
  @IsBoolean()
  readonly unread?: boolean;
}

export class ReadsBody {
  /** A body may be the map, or `"all"`, itself. */
  static readonly alone = 'data' satisfies keyof ReadsBody;

  /** `"all"`, or the last number that was read by conversation: a room, or `@` and a name. */
  @IsReads()
  readonly data!: Readonly<Record<string, number>> | 'all';
}

function IsReads(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isReads',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: (value: unknown) => value === 'all' || isMap(value) },
    });
  };
}

function isMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MOST_CONVERSATIONS && entries.every(isRead);
}

function isRead([name, seq]: [string, unknown]): boolean {
  const isNamed = name.length > 0 && name.length <= LONGEST_NAME;
  return isNamed && typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0;
}
