import { IsString } from 'class-validator';

export class PasswordChangeDto {
  @IsString()
  readonly current_password!: string;

  @IsString()
  readonly new_password!: string;
}
