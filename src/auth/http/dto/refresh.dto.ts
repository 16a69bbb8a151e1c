import { IsString, Length } from 'class-validator';

const MAX_LENGTH = 128;

export class RefreshDto {
  @IsString()
  @Length(1, MAX_LENGTH)
  readonly refresh_token!: string;
}
