import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

const MIME_TYPE = /^[\w.+-]{1,63}\/[\w.+-]{1,127}$/;
const SHA256 = /^[\da-f]{64}$/;

/** A file that somebody wants to send. */
export class AnnouncementBody {
  /** As its machine calls it. */
  @IsString()
  @Length(1, 1_024)
  readonly name!: string;

  /** Bytes. */
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly size!: number;

  /** As its machine takes it for. */
  @IsString()
  @Matches(MIME_TYPE)
  readonly type!: string;

  /** Of its bytes, in hexadecimal digits: then they are compared. */
  @IsOptional()
  @IsString()
  @Matches(SHA256)
  readonly sha256?: string | null;
}
