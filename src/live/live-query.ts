import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The query parameters of a stream. */
export class LiveQuery {
  /** Of `LiveStreams.positionNow`. */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  after?: string;
}
