import { IsOptional, IsString, Length } from 'class-validator';

/** Asks who is here. */
export class GroupListDto {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}
