import { IsOptional, IsString, Length, MinLength } from 'class-validator';

/** Says something to one person. */
export class SingleChatDto {
  @IsString()
  @MinLength(1)
  readonly data!: string;

  /** The recipient's name. */
  @IsString()
  @Length(1, 128)
  readonly to!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}
