import {
  applyDecorators,
  Body,
  Controller,
  Get,
  Param,
  Post,
  Req,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe, SWAGGER_KEYS } from '../../http/api-docs.js';
import { AUTH_ROUTES } from '../../http/coatcheck-route.js';
import { DeadlineInterceptor } from '../../http/deadline.interceptor.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';
import { MOUNTED_IF } from '../../http/mounting.js';
import { NoStoreInterceptor } from '../../http/no-store.interceptor.js';
import { AuthError } from '../../kernel/auth-error.js';
import { FormBodyGuard } from '../../pages/form-body.guard.js';
import { PageInterceptor } from '../../pages/page.interceptor.js';
import { PAGE_AREA } from '../../pages/page-controller-metadata.js';
import { PageValidationPipe } from '../../pages/page-validation.pipe.js';
import type { PageView, SeeOther } from '../../pages/page-view.js';
import { seeAddress } from '../../pages/page-view.js';
import { LogoutService } from '../../sessions/logout.service.js';
import { isOAuthOn, oauthOptions } from '../oauth-options.js';
import { InteractionReply } from './interaction.replies.js';
import { InteractionParams } from './interaction.requests.js';
import { InteractionErrorFilter, isPageWanted } from './interaction-error.filter.js';
import { InteractionViews } from './interaction-views.js';
import { Interactions } from './interactions.js';

class ConsentForm {
  @IsIn(['yes', 'no'])
  accept!: 'yes' | 'no';

  /** One, or several; absent: nothing was ticked but what has to be. */
  @MaxDepth(1)
  @IsOptional()
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  scope?: string | string[];
}

class SwitchForm {
  @IsOptional()
  @IsIn(['yes'])
  switch?: 'yes';
}

class AbortForm {
  @IsOptional()
  @IsIn(['yes'])
  abort?: 'yes';
}

/** Where the library sends browsers: a page for people, and the same in JSON for an application's own page. */
@applyDecorators(
  Controller('oauth/interaction'),
  SetMetadata(AUTH_ROUTES, true),
  SetMetadata(PAGE_AREA, 'sign-in'),
  SetMetadata(MOUNTED_IF, isOAuthOn),
  UseGuards(FormBodyGuard),
  UseInterceptors(NoStoreInterceptor, PageInterceptor, DeadlineInterceptor),
  UsePipes(PageValidationPipe),
  UseFilters(InteractionErrorFilter),
  (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, ['OAuth'], target),
)
export class InteractionPage {
  private readonly ownPage: string | undefined;

  constructor(
    private readonly interactions: Interactions,
    private readonly views: InteractionViews,
    private readonly logouts: LogoutService,
    options: Options,
  ) {
    this.ownPage = options.of(oauthOptions).oauthInteractionUrl;
  }

  @Describe({
    summary: 'Read what a client asks for',
    description:
      'For the browser that the client sent here, within 15 minutes. With `Accept: text/html` it is a page, or leads to `OAUTH_INTERACTION_URL` with the query parameter `interaction`.',
    answers: { 200: { description: 'What is to be asked of the user.', type: InteractionReply } },
    errors: ['validation_failed', 'not_found'],
  })
  @Get(':uid')
  @Public()
  async readOAuthInteraction(
    @Param() { uid }: InteractionParams,
    @Req() request: HttpRequest,
  ): Promise<InteractionReply | PageView | SeeOther> {
    if (isPageWanted(request)) return this.views.orProblem(request, () => this.page(uid, request));
    const interaction = await this.interactions.details(uid, request);
    return InteractionReply.of(interaction, this.views.words(request));
  }

  @Post(':uid/consent/form')
  @ApiExcludeEndpoint()
  @Public()
  takeConsent(
    @Param() { uid }: InteractionParams,
    @Body() { accept, scope }: ConsentForm,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    const answer = { accept: accept === 'yes', scopes: [scope ?? []].flat() };
    return this.views.orProblem(request, async () => seeAddress(await this.interactions.consent(uid, answer, request)));
  }

  @Post(':uid/abort/form')
  @ApiExcludeEndpoint()
  @Public()
  takeAbort(
    @Param() { uid }: InteractionParams,
    @Body() _form: AbortForm,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return this.views.orProblem(request, async () => seeAddress(await this.interactions.abort(uid, request)));
  }

  /** Signs out, and comes back with another user. */
  @Post(':uid/switch/form')
  @ApiExcludeEndpoint()
  @Public()
  switchUser(
    @Param() { uid }: InteractionParams,
    @Body() _form: SwitchForm,
    @Req() request: HttpRequest,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return this.views.orProblem(request, async () => {
      // Only the browser of the interaction: the link of an attacker signs no user out.
      await this.interactions.details(uid, request);
      await this.logouts.logout(exchange);
      exchange.replier.header('Clear-Site-Data', '"cache"');
      return this.ownPage === undefined ? this.views.signIn(uid) : this.toOwnPage(uid, this.ownPage);
    });
  }

  private async page(uid: string, request: HttpRequest): Promise<PageView | SeeOther> {
    if (this.ownPage !== undefined) return this.toOwnPage(uid, this.ownPage);
    const interaction = await this.interactions.details(uid, request);
    const { visitor, prompt, accountId } = interaction;
    if (visitor.is === 'acting') return this.views.switchUser(interaction, visitor.user, 'acting');
    if (visitor.is === 'enrolling') return this.views.enrol(uid);
    if (visitor.is === 'nobody') return this.views.signIn(uid);
    const needed = this.interactions.loginNeeded(interaction);
    if (needed === 'fresh') return this.views.confirm(uid);
    if (needed === 'other') return this.views.switchUser(interaction, visitor.user, 'other');
    if (prompt === 'consent' && accountId === visitor.user.id) return this.views.consent(interaction, visitor.user);
    if (prompt !== 'login' && prompt !== 'consent')
      throw new AuthError('not_found', { reason: `unknown_prompt_${prompt.slice(0, 20)}` });
    return this.views.goOn(interaction, await this.interactions.finishLogin(interaction, request));
  }

  private toOwnPage(uid: string, page: string): SeeOther {
    const url = new URL(page);
    url.searchParams.set('interaction', uid);
    return seeAddress(url.href);
  }
}
