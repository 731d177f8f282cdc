import { Controller, Get, Inject, SetMetadata } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { DataSource } from 'typeorm';
import { Public } from '../access/public.decorator.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Describe, SWAGGER_KEYS } from '../http/api-docs.js';
import { AuthError } from '../kernel/auth-error.js';
import { Storage } from '../sessions/storage.js';
import { Draining } from './draining.js';

class HealthReply {
  @ApiProperty({ description: 'Always `ok`; otherwise the status is 503.', enum: ['ok'], example: 'ok' })
  status!: 'ok';
}

@Controller('health')
@SetMetadata(SWAGGER_KEYS.tags, ['Health'])
@Public()
export class HealthController {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly storage: Storage,
    private readonly draining: Draining,
  ) {}

  @Describe({
    summary: 'Check whether the process is alive',
    answers: { 200: { description: 'The process is alive.', type: HealthReply } },
  })
  @Get('live')
  @Public()
  checkLiveness(): HealthReply {
    return { status: 'ok' };
  }

  @Describe({
    summary: 'Check whether requests can be served',
    answers: {
      200: { description: 'Every store can be reached, and the node is not shutting down.', type: HealthReply },
    },
  })
  @Get('ready')
  @Public()
  async checkReadiness(): Promise<HealthReply> {
    if (this.draining.begun) throw new AuthError('unavailable', { reason: 'draining' });
    try {
      await Promise.all([this.dataSource.query('SELECT 1'), this.storage.ping()]);
    } catch (cause) {
      throw new AuthError('unavailable', { reason: 'store_out_of_reach', cause });
    }
    return { status: 'ok' };
  }
}
