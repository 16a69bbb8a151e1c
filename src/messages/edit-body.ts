import { IsInt, IsOptional, IsString, Length, Max, Min, MinLength } from 'class-validator';

export class EditBody {
  /** The whole text. */
  @IsString()
  @MinLength(1)
  readonly data!: string;

  /** The number of the last edit, or of the message, that the author has seen. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly if?: number;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}
