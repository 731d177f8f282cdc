import { IsOptional, IsString, MaxLength } from 'class-validator';

/** What the address of a stream has. */
export class LiveQuery {
  /** Of `LiveStreams.positionNow`. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  after?: string;
}
