import { Get, Param, Post, Req } from '@nestjs/common';
import { IsString, Matches, MaxLength } from 'class-validator';
import { CurrentAuth } from '../../access/route-decorators.js';
import { isSwitchedOn } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { actorOf } from '../../security/actor.js';
import { type UserRecord, UserStore } from '../../users/user.store.js';
import { headOf, userPath } from '../../users/user-tabs.js';
import { apiKeyPrefix } from './api-key.js';
import { type NewApiKey, USUAL_ALLOWANCE } from './api-key-params.js';
import { ApiKeyRotation } from './api-key-rotation.js';
import { ApiKeys } from './api-keys.js';
import { ApiKeyOwnerParams, CreateOwnedApiKeyRequest, OwnedApiKeyParams } from './api-keys.requests.js';
import { FreshLogin } from './fresh-login.js';

const DAY = 86_400;

class CreateKeyForm {
  @IsString()
  @MaxLength(100)
  name!: string;

  @IsString()
  @MaxLength(3_300)
  scopes!: string;

  @Matches(/^(\d{1,4})?$/)
  days!: string;
}

const EMPTY: CreateKeyForm = { name: '', scopes: '', days: '' };

/** The API keys of a user, for admins, who make them for service users only. */
@AdminPage('users/:userId/keys', isSwitchedOn('api-key'))
export class AdminApiKeysPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly keys: ApiKeys,
    private readonly rotation: ApiKeyRotation,
    private readonly users: UserStore,
    private readonly freshLogin: FreshLogin,
    private readonly options: Options,
  ) {}

  @Get()
  async show(@Param() { userId }: ApiKeyOwnerParams): Promise<PageView> {
    return this.page(await this.user(userId), EMPTY, {});
  }

  @Post()
  async create(
    @Param() { userId }: ApiKeyOwnerParams,
    @Submitted(CreateKeyForm) form: SubmittedForm<CreateKeyForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    const owner = await this.service(userId);
    const sent = { name: form.text('name'), scopes: form.text('scopes'), days: form.text('days') };
    return form.take(
      async (given) => {
        const scopes = [...new Set(given.scopes.split(/[\s,]+/).filter(Boolean))];
        const expiresInSeconds = given.days === '' ? undefined : Number(given.days) * DAY;
        const wanted = { name: given.name.trim(), scopes, expiresInSeconds };
        const { name } = await this.pipe.validated(CreateOwnedApiKeyRequest, wanted);
        await this.freshLogin.assert(auth);
        const params = { name, scopes, expiresInSeconds, ...USUAL_ALLOWANCE };
        return this.page(owner, EMPTY, { made: await this.keys.create(owner.id, params, actorOf(auth, request)) });
      },
      (problem) => this.page(owner, sent, { problem }),
    );
  }

  @Post(':id/rotate')
  async rotate(
    @Param() { userId, id }: OwnedApiKeyParams,
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    const owner = await this.service(userId);
    return form.take(
      async () => {
        await this.freshLogin.assert(auth);
        const made = await this.rotation.rotate(owner.id, id.toLowerCase(), undefined, actorOf(auth, request));
        return this.page(owner, EMPTY, { made });
      },
      (problem) => this.page(owner, EMPTY, { problem }),
    );
  }

  @Post(':id/revoke')
  async revoke(
    @Param() { userId, id }: OwnedApiKeyParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    await this.keys.revoke(userId.toLowerCase(), id.toLowerCase(), actorOf(auth, request));
    return seeOther(userPath(userId, 'keys'), 'admin-user-keys.revoked');
  }

  private async page(
    user: UserRecord,
    form: CreateKeyForm,
    { made, problem = null }: { made?: NewApiKey; problem?: Refused | null },
  ): Promise<PageView> {
    const keys = (await this.keys.listOf(user.id)).map((key) => {
      const { id, name, scopes, createdAt, lastUsedAt, expiresAt, rotatedAt } = key;
      return { id, name, scopes, createdAt, lastUsedAt, expiresAt, rotatedAt, prefix: apiKeyPrefix(id) };
    });
    const values = {
      ...headOf(user, 'keys', this.options),
      isService: user.kind === 'service',
      keys,
      form,
      secret: made?.apiKey ?? null,
      problem,
    };
    return view('admin-user-keys', values, problem ?? {});
  }

  private async user(id: string): Promise<UserRecord> {
    const user = await this.users.find(id);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    return user;
  }

  private async service(id: string): Promise<UserRecord> {
    const user = await this.user(id);
    // The holder of a person's key acts in their name: only they themselves may give it out.
    if (user.kind !== 'service') throw new AuthError('conflict', { reason: 'key_of_a_person' });
    return user;
  }
}
