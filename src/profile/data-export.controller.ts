import { Get, StreamableFile } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { CurrentAuth, NotWhileImpersonating } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { EXPORTS } from '../limits/rate-limit-rule.js';
import { RateLimited } from '../limits/rate-limited.decorator.js';
import { DataExport } from './data-export.js';
import { downloadOf } from './download.js';

class DataExportReply {
  @ApiProperty({ description: 'RFC 3339, UTC.', format: 'date-time', example: '2026-11-21T09:00:00.000Z' })
  exportedAt!: string;

  @ApiProperty({
    description:
      'Rows by part: `user`, `emailChanges`, `sessions`, `devices`, `factors`, `passkeys`, `apiKeys`, `certificates`, `securityLog`, and the parts of further features. No part contains a secret.',
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'object' } },
    example: { user: [{ id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f', email: 'ada@example.com' }] },
  })
  parts!: Record<string, object[]>;
}

@AuthController('auth/me/export', 'Profile')
@NotWhileImpersonating()
export class DataExportController {
  constructor(private readonly exports: DataExport) {}

  @Describe({
    summary: 'Download my data',
    description:
      'Everything that is kept about the user, as a file. Requires a fresh login or step-up, with a second factor if the user has one. The response is streamed: one that is cut off is no valid JSON.',
    answers: { 200: { description: 'The data.', type: DataExportReply } },
    errors: ['step_up_required', 'forbidden'],
  })
  @Get()
  @RateLimited(EXPORTS)
  async exportMyData(@CurrentAuth() auth: AuthContext, @CurrentExchange() exchange: Exchange): Promise<StreamableFile> {
    return downloadOf(await this.exports.begin(auth, exchange.caller));
  }
}
