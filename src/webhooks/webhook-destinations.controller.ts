import { Body, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../access/route-decorators.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { Describe } from '../http/api-docs.js';
import { AuthController } from '../http/auth-controller.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { actorOf } from '../security/actor.js';
import {
  type FailedTry,
  type TestResult,
  type WebhookDestination,
  WebhookDestinations,
} from './webhook-destinations.js';
import { DestinationRequest } from './webhooks.requests.js';

class FailedTryReply implements FailedTry {
  @ApiProperty({ description: 'Id of the audit event.', format: 'uuid' })
  eventId!: string;

  @ApiProperty({ description: 'Number of attempts.', type: 'integer', example: 3 })
  attempts!: number;

  @ApiProperty({ description: 'Error of the last attempt.', type: 'string', nullable: true, example: 'status 500' })
  lastError!: string | null;

  @ApiProperty({ description: 'Time of the next attempt.', format: 'date-time' })
  dueAt!: Date;
}

class WebhookReply implements WebhookDestination {
  @ApiProperty({ description: 'Name of the webhook.', example: 'siem' })
  name!: string;

  @ApiProperty({ description: 'Origin of its URL; the path is not shown.', example: 'https://siem.example.com' })
  origin!: string;

  @ApiProperty({ description: 'Number of events that wait for delivery; at most 10,000.', type: 'integer', example: 0 })
  waiting!: number;

  @ApiProperty({
    description: 'Number of events whose delivery was given up, among the 10,000 most recent ones of all webhooks.',
    type: 'integer',
    example: 0,
  })
  dead!: number;

  @ApiProperty({ description: 'At most five events whose last attempt failed.', type: [FailedTryReply] })
  failedTries!: FailedTryReply[];
}

class WebhooksReply {
  @ApiProperty({ description: 'All configured webhooks.', type: [WebhookReply] })
  webhooks!: readonly WebhookReply[];
}

class TestReply implements TestResult {
  @ApiProperty({ description: 'Whether the webhook answered with a status of 2xx.', example: true })
  delivered!: boolean;

  @ApiProperty({ description: 'Status of its answer; null if there was none.', type: 'integer', nullable: true })
  status!: number | null;

  @ApiProperty({ description: 'Why there was no answer.', type: 'string', nullable: true, example: null })
  error!: string | null;
}

@AuthController('admin/webhooks', 'Admin')
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class WebhookDestinationsController {
  constructor(private readonly destinations: WebhookDestinations) {}

  @Describe({
    summary: 'List the webhooks',
    answers: { 200: { description: 'The configured webhooks and what waits for them.', type: WebhooksReply } },
    errors: ['forbidden'],
  })
  @Get()
  async listWebhooks(): Promise<WebhooksReply> {
    return { webhooks: (await this.destinations.list()) as WebhookReply[] };
  }

  @Describe({
    summary: 'Send a test to a webhook',
    description:
      'Sends one signed event of the type `webhook.test` at once. It is not repeated if it fails. The response says how the webhook answered.',
    answers: { 200: { description: 'The result of the test.', type: TestReply } },
    errors: ['forbidden', 'not_found'],
  })
  @Post('test')
  @HttpCode(200)
  testWebhook(
    @Body() { destination }: DestinationRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<TestReply> {
    return this.destinations.sendTest(destination, actorOf(auth, request));
  }
}
