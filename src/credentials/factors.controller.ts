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
  @ApiProperty({ description: 'Type of the factor.', example: 'totp' })
  factor!: string;

  @ApiProperty({
    description: 'Id, for a type of which a user may have several; otherwise null.',
    type: 'string',
    nullable: true,
    example: null,
  })
  id!: string | null;

  @ApiProperty({ description: 'Name that the user chose.', type: 'string', nullable: true, example: null })
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
    description: 'Number of uses left; null: unlimited.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  remaining!: number | null;

  @ApiProperty({
    description:
      'True for a way to log in that no login asks for as a second factor, such as a passkey that the browser created by itself.',
    required: false,
    enum: [true],
  })
  beginsOnly?: true;
}

class FactorsReply {
  @ApiProperty({ description: 'All enrolled factors except the password.', type: [EnrolledFactorReply] })
  factors!: EnrolledFactorReply[];
}

@AuthController('auth/factors', 'Factors')
export class FactorsController {
  constructor(private readonly factors: Factors) {}

  @Describe({
    summary: 'List my factors',
    description: 'Secrets are never shown.',
    answers: { 200: { description: 'The enrolled factors.', type: FactorsReply } },
  })
  @Get()
  @OpenToEnrolment()
  async listFactors(@CurrentUser() { id }: AuthUser): Promise<FactorsReply> {
    const enrolled = await this.factors.enrolledBy(id);
    return { factors: enrolled.filter(({ factor }) => this.factors.named(factor).canFollow) };
  }
}
