import { IsOptional, IsString, Length } from 'class-validator';

/** Brings a fresh token for the open session. */
export class RenewDto {
  @IsString()
  @Length(1, 4_096)
  readonly data!: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}
