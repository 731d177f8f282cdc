import { Body, Get, Post, Req } from '@nestjs/common';
import { CurrentAuth } from '../access/route-decorators.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AdminPage } from '../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../pages/page-view.js';
import { actorOf } from '../security/actor.js';
import { type TestResult, WebhookDestinations } from './webhook-destinations.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { DestinationRequest } from './webhooks.requests.js';

const SHOWN = 100;

/** The webhooks, and what could not be delivered to them. */
@AdminPage('webhooks')
export class WebhooksPage {
  constructor(
    private readonly destinations: WebhookDestinations,
    private readonly outbox: WebhookOutbox,
  ) {}

  @Get()
  show(): Promise<PageView> {
    return this.page(null);
  }

  @Post('test')
  async test(
    @Body() { destination }: DestinationRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView> {
    const result = await this.destinations.sendTest(destination, actorOf(auth, request));
    return this.page({ destination, ...result });
  }

  @Post('revive')
  async revive(
    @Body() { destination }: DestinationRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    const count = await this.outbox.revive(destination, actorOf(auth, request));
    return seeOther('/admin/ui/webhooks', 'admin-webhooks.revived', { count });
  }

  private async page(tested: (TestResult & { readonly destination: string }) | null): Promise<PageView> {
    const [webhooks, letters] = await Promise.all([this.destinations.list(), this.outbox.deadLetters(SHOWN)]);
    const deadLetters = letters.map(({ eventId, destination, attempts, lastError, deadAt }) => {
      return { eventId, destination, attempts, lastError, deadAt };
    });
    return view('admin-webhooks', { webhooks, deadLetters, tested });
  }
}
