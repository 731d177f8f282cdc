import { Get } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { CurrentUser, OpenToEnrolment } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthUser } from '../kernel/auth-context.js';
import type { EnrolledFactor } from './factor.js';
import { Factors } from './factors.js';

/** A factor in a reply. */
export class EnrolledFactorReply implements EnrolledFactor {
  @ApiProperty({ description: 'Its kind.', example: 'totp' })
  factor!: string;

  @ApiProperty({ description: 'Where there may be several of a kind.', type: 'string', nullable: true, example: null })
  id!: string | null;

  @ApiProperty({ description: 'As its user called it.', type: 'string', nullable: true, example: null })
  name!: string | null;

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  enrolledAt!: Date;

  @ApiProperty({
    description: 'RFC 3339, UTC; null: never.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-21T09:05:00.000Z',
  })
  lastUsedAt!: Date | null;

  @ApiProperty({
    description: 'How often it still works; null: for ever.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  remaining!: number | null;
}

class FactorsReply {
  @ApiProperty({ description: 'All that are enrolled besides the password.', type: [EnrolledFactorReply] })
  factors!: EnrolledFactorReply[];
}

@AuthController('auth/factors', 'Factors')
export class FactorsController {
  constructor(private readonly factors: Factors) {}

  @Describe({
    summary: 'List my factors',
    description: 'Nothing of their secrets.',
    answers: { 200: { description: 'What is enrolled.', type: FactorsReply } },
  })
  @Get()
  @OpenToEnrolment()
  async listFactors(@CurrentUser() { id }: AuthUser): Promise<FactorsReply> {
    const enrolled = await this.factors.enrolledBy(id);
    return { factors: enrolled.filter(({ factor }) => this.factors.named(factor).canFollow) };
  }
}
