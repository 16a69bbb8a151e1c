import { IsOptional, IsString, Length, MinLength } from 'class-validator';

/** Says something to a room. */
export class GroupChatDto {
  /** How long it may be, and of what, is the chat service's to decide. */
  @IsString()
  @MinLength(1)
  readonly data!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly room?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}
