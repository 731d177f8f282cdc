import { Body, Get, Post, Req } from '@nestjs/common';
import { CurrentAuth } from '../access/route-decorators.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import type { AuthContext } from '../kernel/auth-context.js';
import { AdminPage } from '../pages/admin-page.js';
import { type PageView, type SeeOther, seeOther, view } from '../pages/page-view.js';
import { actorOf } from '../security/actor.js';
import { type FailedTry, type TestResult, WebhookDestinations } from './webhook-destinations.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { DestinationRequest } from './webhooks.requests.js';
import type { Failure } from './webhooks.template.js';

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
    const shown = webhooks.map(({ failedTries, ...webhook }) => ({ ...webhook, failures: failuresIn(failedTries) }));
    return view('admin-webhooks', { webhooks: shown, deadLetters, tested });
  }
}

/** Each reason once, the one whose events are tried again the soonest first. */
function failuresIn(tries: readonly FailedTry[]): Failure[] {
  const byError = new Map<string | null, Failure>();
  for (const { lastError, dueAt } of tries) {
    const known = byError.get(lastError) ?? { count: 0, lastError, dueAt };
    byError.set(lastError, { ...known, count: known.count + 1 });
  }
  return [...byError.values()];
}
