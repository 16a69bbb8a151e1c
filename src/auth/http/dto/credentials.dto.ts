import { IsString } from 'class-validator';

/** What the texts may hold, the names and passwords themselves decide. */
export class CredentialsDto {
  @IsString()
  readonly username!: string;

  @IsString()
  readonly password!: string;
}
