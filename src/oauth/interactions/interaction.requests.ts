import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MaxDepth } from '../../http/max-depth.decorator.js';

export class InteractionParams {
  @ApiProperty({
    description: 'Id of the interaction, from the address that the browser was sent to.',
    example: 'LHpdxwIBMpqPPkbONMhDFLHpdxwIBMpqPPkbONMhDFa',
  })
  @Matches(/^[A-Za-z0-9_-]{10,128}$/)
  uid!: string;
}

export class ConsentRequest {
  @ApiProperty({ description: 'Whether the user allows the access.', example: true })
  @IsBoolean()
  accept!: boolean;

  @ApiProperty({
    description: 'Scopes that the user allows, of those asked for. Default: all that the user may hand out.',
    required: false,
    type: [String],
    example: ['openid', 'email'],
  })
  @MaxDepth(1)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  scopes?: string[];
}
