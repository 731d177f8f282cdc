import { Get, Param, Post } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { type Caller, CurrentCaller } from '../../../access/caller.js';
import { CurrentAuth, CurrentUser } from '../../../access/route-decorators.js';
import { isSwitchedOn } from '../../../config/core-options.js';
import { Options } from '../../../config/options.js';
import type { AuthContext, AuthUser } from '../../../kernel/auth-context.js';
import { PageController } from '../../../pages/page-controller.js';
import { PageValidationPipe } from '../../../pages/page-validation.pipe.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { apiKeyOptions } from '../api-key-options.js';
import type { NewApiKey } from '../api-key-params.js';
import { ApiKeyUsage } from '../api-key-usage.js';
import { DAYS_SHOWN } from '../api-keys.controller.js';
import { ApiKeys } from '../api-keys.js';
import { ApiKeyReply } from '../api-keys.replies.js';
import { ApiKeyParams, CreateApiKeyRequest } from '../api-keys.requests.js';
import { OwnApiKeys } from '../own-api-keys.js';
import { UsagePlot } from './usage-plot.js';

const DAY = 86_400;
const LIVES = [7, 30, 90, 365];
const OVERLAPS = [0, 1, 24, 168];

class NewKeyForm {
  @IsString()
  @MaxLength(200)
  name!: string;

  /** Separated by spaces or commas. */
  @IsString()
  @MaxLength(4000)
  scopes!: string;

  /** Days; empty: as long as is allowed. */
  @IsOptional()
  @Matches(/^\d{0,4}$/)
  life?: string;
}

class RotateForm {
  /** Hours. */
  @Matches(/^\d{1,3}$/)
  overlap!: string;
}

@PageController('account/keys', 'account', isSwitchedOn('api-key'))
export class ApiKeysPage {
  private readonly offered: readonly string[];
  private readonly longest: number;

  constructor(
    private readonly own: OwnApiKeys,
    private readonly keys: ApiKeys,
    private readonly usage: ApiKeyUsage,
    private readonly plots: UsagePlot,
    private readonly validation: PageValidationPipe,
    options: Options,
  ) {
    const { apiKeyScopes, apiKeyMaxSeconds } = options.of(apiKeyOptions);
    this.offered = apiKeyScopes;
    this.longest = apiKeyMaxSeconds;
  }

  @Get()
  async list(@CurrentUser() { id }: AuthUser): Promise<PageView> {
    return view('account-keys', { keys: (await this.keys.listOf(id)).map(ApiKeyReply.of) });
  }

  /** Who must prove themselves once more does so before they fill in the form. */
  @Get('new')
  async showNew(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.own.assertMayCreate(auth);
    return this.form({ name: '', scopes: '', life: '', problem: null });
  }

  /** The reply shows the key, and nothing does again: a page that is loaded anew makes another one. */
  @Post('new')
  create(
    @Submitted(NewKeyForm) form: SubmittedForm<NewKeyForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentCaller() caller: Caller,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ name, scopes, life }) => {
        const seconds = life ? { expiresInSeconds: Number(life) * DAY } : {};
        const wished = { name, scopes: scopes.split(/[\s,]+/).filter(Boolean), ...seconds };
        const params = { type: 'body', metatype: CreateApiKeyRequest } as const;
        const request = (await this.validation.transform(wished, params)) as CreateApiKeyRequest;
        return shownOnce(await this.own.create(request, auth, caller));
      },
      (problem) => {
        const [name, scopes, life] = [form.text('name'), form.text('scopes'), form.text('life')];
        return this.form({ name, scopes, life, problem }, problem.status);
      },
    );
  }

  @Get(':id')
  async show(@Param() { id }: ApiKeyParams, @CurrentUser() user: AuthUser): Promise<PageView> {
    const key = await this.keys.get(user.id, id.toLowerCase());
    const days = await this.usage.of(key.id, DAYS_SHOWN);
    return view('account-key', { key: ApiKeyReply.of(key), plot: this.plots.of(days) });
  }

  @Get(':id/rotate')
  async showRotation(@Param() { id }: ApiKeyParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.own.assertMayCreate(auth);
    const key = ApiKeyReply.of(await this.keys.get(auth.user.id, id.toLowerCase()));
    return view('account-key-rotate', { key, overlaps: OVERLAPS, problem: null });
  }

  /** As {@link create}. */
  @Post(':id/rotate')
  rotate(
    @Param() { id }: ApiKeyParams,
    @Submitted(RotateForm) form: SubmittedForm<RotateForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentCaller() caller: Caller,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ overlap }) => shownOnce(await this.own.rotate(id, Number(overlap) * 3600, auth, caller)),
      async (problem) => {
        const key = ApiKeyReply.of(await this.keys.get(auth.user.id, id.toLowerCase()));
        return view('account-key-rotate', { key, overlaps: OVERLAPS, problem }, problem);
      },
    );
  }

  @Get(':id/revoke')
  async showRevocation(@Param() { id }: ApiKeyParams, @CurrentUser() user: AuthUser): Promise<PageView> {
    const key = await this.keys.get(user.id, id.toLowerCase());
    const days = await this.usage.of(key.id, DAYS_SHOWN);
    const requests = days.reduce((sum, day) => sum + day.requests, 0);
    return view('account-key-revoke', { key: ApiKeyReply.of(key), requests });
  }

  @Post(':id/revoke')
  async revoke(
    @Param() { id }: ApiKeyParams,
    @CurrentAuth() auth: AuthContext,
    @CurrentCaller() caller: Caller,
  ): Promise<SeeOther> {
    await this.own.revoke(id, auth, caller);
    return seeOther('/account/keys', 'account-keys.revoked');
  }

  private form(values: object, status?: number): PageView {
    const lives = LIVES.filter((days) => this.longest === 0 || days * DAY <= this.longest);
    const longestDays = this.longest === 0 ? null : Math.floor(this.longest / DAY);
    return view('account-key-new', { ...values, offered: this.offered, lives, longestDays }, { status });
  }
}

function shownOnce({ apiKey, key }: NewApiKey): PageView {
  return view('account-key-created', { apiKey, name: key.name, expiresAt: key.expiresAt });
}
