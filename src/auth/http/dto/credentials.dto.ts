import { IsString } from 'class-validator';

/** The fields' contents are checked where names and passwords are read. */
export class CredentialsDto {
  @IsString()
  readonly username!: string;

  @IsString()
  readonly password!: string;
}
