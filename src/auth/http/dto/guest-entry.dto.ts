import { IsOptional, IsString } from 'class-validator';

export class GuestEntryDto {
  @IsOptional()
  @IsString()
  readonly username?: string | null;
}
