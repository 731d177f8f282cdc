import { IsOptional, IsString, MaxLength } from 'class-validator';

/** Where a list of applications goes on. */
export class AppsPageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  cursor?: string;
}
