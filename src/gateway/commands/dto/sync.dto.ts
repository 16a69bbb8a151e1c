import { IsOptional, IsString, Length } from 'class-validator';
import { IsPositions } from './positions.js';

/** Asks for what was missed. */
export class SyncDto {
  /** Rooms by name, private conversations by `@` and the other's name. */
  @IsPositions()
  readonly data!: Readonly<Record<string, number>>;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  readonly ref?: string;
}
