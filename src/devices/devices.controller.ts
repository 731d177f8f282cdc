import { Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { CurrentUser } from '../access/route-decorators.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { pageOf } from '../http/page-of.js';
import { NEXT_CURSOR, PageQuery } from '../http/page-query.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { deviceName } from '../sessions/device-name.js';
import { DeviceList } from './device-list.js';
import type { KnownDeviceEntity } from './known-device.entity.js';

class DeviceParams {
  @ApiProperty({
    description: 'Id of the browser, as listed.',
    format: 'uuid',
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
  })
  @IsUUID()
  id!: string;
}

/** A known device in a reply. */
class DeviceReply {
  @ApiProperty({
    description: 'Random UUID (version 4).',
    format: 'uuid',
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11',
  })
  id!: string;

  @ApiProperty({
    description: 'Browser and operating system, readable.',
    type: 'string',
    nullable: true,
    example: 'Firefox on Linux',
  })
  device!: string | null;

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: Date;

  @ApiProperty({
    description: 'Time of its last use, RFC 3339, UTC; up to a day old.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:05:00.000Z',
  })
  lastSeenAt!: Date;

  @ApiProperty({
    description: 'Time until which no second factor is required in this browser; null: a second factor is required.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  rememberedUntil!: Date | null;

  static of({ id, userAgent, createdAt, lastSeenAt, rememberedUntil }: KnownDeviceEntity): DeviceReply {
    return { id, device: deviceName(userAgent), createdAt, lastSeenAt, rememberedUntil };
  }
}

class DevicesReply {
  @ApiProperty({ description: 'The most recently used first.', type: [DeviceReply] })
  devices!: DeviceReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

@AuthController('auth/devices', 'Login')
export class DevicesController {
  constructor(private readonly devices: DeviceList) {}

  @Describe({
    summary: 'List the browsers I have logged in from',
    answers: { 200: { description: 'At most 50 known browsers.', type: DevicesReply } },
    errors: ['validation_failed'],
  })
  @Get()
  async listDevices(@CurrentUser() { id }: AuthUser, @Query() query: PageQuery): Promise<DevicesReply> {
    const { lines, nextCursor } = pageOf(await this.devices.listOf(id), query, ({ lastSeenAt }) => lastSeenAt);
    return { devices: lines.map(DeviceReply.of), nextCursor };
  }

  @Describe({
    summary: 'Forget a browser',
    description: 'From now on, the browser counts as unknown and requires a second factor. Its sessions continue.',
    answers: { 204: { description: 'The browser is forgotten.' } },
    errors: ['not_found'],
  })
  @Delete(':id')
  @HttpCode(204)
  async forgetDevice(@Param() { id }: DeviceParams, @CurrentUser() user: AuthUser): Promise<void> {
    const isForgotten = await this.devices.forget(user.id, id.toLowerCase());
    if (!isForgotten) throw new AuthError('not_found', { reason: 'no_such_device' });
  }
}
