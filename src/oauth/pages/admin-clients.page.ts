import { Get, Param, Post, Query, Req } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { Clock } from '../../kernel/clock.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { actorOf } from '../../security/actor.js';
import { ClientFiles } from '../clients/client-files.js';
import { ClientTable } from '../clients/client-table.js';
import { OAuthClientReply } from '../clients/clients.replies.js';
import { ChangeClientRequest, CreateClientRequest, OAuthClientParams } from '../clients/clients.requests.js';
import { GRANT_TYPES, ID_TOKEN_ALGORITHMS } from '../clients/metadata-of-grants.js';
import { AUTH_METHODS } from '../clients/metadata-of-proofs.js';
import { OAuthClientAdmin } from '../clients/oauth-client-admin.js';
import { isOAuthOn } from '../oauth-options.js';
import type { ClientFields, ShownClient } from './admin-clients.template.js';
import { ClientForm, fieldsOf, fieldsSent, NO_CLIENT, paramsOf } from './client-form.js';

const SHOWN = 50;
const OVERLAPS = [0, 1, 24, 168];
const CHOICES = {
  grantTypes: GRANT_TYPES,
  authMethods: AUTH_METHODS,
  algorithms: ID_TOKEN_ALGORITHMS,
} as const;
const LIST = '/admin/ui/clients';

class ClientsPageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class SecretForm {
  /** Hours. */
  @Matches(/^\d{1,3}$/)
  overlap!: string;
}

/** Registered applications. */
@AdminPage('clients', isOAuthOn)
export class AdminClientsPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly admin: OAuthClientAdmin,
    private readonly table: ClientTable,
    private readonly files: ClientFiles,
    private readonly freshProof: FreshProof,
    private readonly clock: Clock,
  ) {}

  @Get()
  async list(@Query() { cursor }: ClientsPageQuery): Promise<PageView> {
    const before = idsIn(cursor, 1)?.[0];
    const found = await this.table.list({ before, limit: SHOWN + 1 });
    const shown = found.slice(0, SHOWN);
    const ofFile = before === undefined ? this.files.all().map((one) => OAuthClientReply.ofFile(one)) : [];
    const clients = [...ofFile, ...shown.map((row) => OAuthClientReply.of(row, this.clock.now()))];
    const next = found.length > SHOWN ? cursorOf(shown.at(-1)!.id) : null;
    return view('admin-clients', { clients: clients.map(shownClient), isFirst: before === undefined, next });
  }

  /** Who must prove themselves once more does so before they fill in the form. */
  @Get('new')
  async showNew(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.freshProof.assert(auth);
    return view('admin-client-new', { ...CHOICES, form: NO_CLIENT, problem: null, authMethods: ['', ...AUTH_METHODS] });
  }

  /** The reply shows the secret, and nothing does again. */
  @Post('new')
  create(
    @Submitted(ClientForm) form: SubmittedForm<ClientForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async (given) => {
        await this.freshProof.assert(auth);
        const params = await this.pipe.validated(CreateClientRequest, paramsOf(given));
        const { client, clientSecret = null } = await this.admin.create(params, actorOf(auth, request));
        return view('admin-client-secret', { id: client.id, label: client.name, secret: clientSecret });
      },
      (problem) => {
        const values = { ...CHOICES, form: sent(form), problem, authMethods: ['', ...AUTH_METHODS] };
        return view('admin-client-new', values, problem);
      },
    );
  }

  @Get(':id')
  async show(@Param() { id }: OAuthClientParams): Promise<PageView> {
    const client = await this.client(id);
    return this.page(client, fieldsOf(client), null);
  }

  @Post(':id')
  change(
    @Param() { id }: OAuthClientParams,
    @Submitted(ClientForm) form: SubmittedForm<ClientForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async (given) => {
        await this.freshProof.assert(auth);
        const changes = await this.pipe.validated(ChangeClientRequest, paramsOf(given));
        await this.admin.change(id, changes, actorOf(auth, request));
        return seeOther(pathOf(id), 'admin-client.saved');
      },
      async (problem) => this.page(await this.client(id), sent(form), problem),
    );
  }

  @Get(':id/secret')
  async showSecret(@Param() { id }: OAuthClientParams, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.freshProof.assert(auth);
    return this.act('secret', id, null);
  }

  /** As {@link create}. */
  @Post(':id/secret')
  renewSecret(
    @Param() { id }: OAuthClientParams,
    @Submitted(SecretForm) form: SubmittedForm<SecretForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ overlap }) => {
        await this.freshProof.assert(auth);
        const { client, clientSecret = null } = await this.admin.renewSecret(
          id,
          Number(overlap) * 3600,
          actorOf(auth, request),
        );
        return view('admin-client-secret', { id: client.id, label: client.name, secret: clientSecret });
      },
      (problem) => this.act('secret', id, problem),
    );
  }

  /** It takes away only, and needs no fresh proof. */
  @Post(':id/disable')
  async disable(
    @Param() { id }: OAuthClientParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    await this.admin.change(id, { disabled: true }, actorOf(auth, request));
    return seeOther(pathOf(id), 'admin-client.disabled-done');
  }

  @Post(':id/enable')
  async enable(
    @Param() { id }: OAuthClientParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    await this.freshProof.assert(auth);
    await this.admin.change(id, { disabled: false }, actorOf(auth, request));
    return seeOther(pathOf(id), 'admin-client.enabled-done');
  }

  @Get(':id/delete')
  showDeletion(@Param() { id }: OAuthClientParams): Promise<PageView> {
    return this.act('delete', id, null);
  }

  @Post(':id/delete')
  delete(
    @Param() { id }: OAuthClientParams,
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async () => {
        await this.admin.remove(id, actorOf(auth, request));
        return seeOther(LIST, 'admin-client.deleted');
      },
      (problem) => this.act('delete', id, problem),
    );
  }

  private async client(id: string): Promise<OAuthClientReply> {
    const listed = this.files.find(id);
    return listed ? OAuthClientReply.ofFile(listed) : OAuthClientReply.of(await this.table.get(id), this.clock.now());
  }

  private page(client: OAuthClientReply, form: ClientFields, problem: Problem | null): PageView {
    const values = {
      ...CHOICES,
      form,
      problem,
      client: shownClient(client),
      label: client.name,
      hasSecret: client.tokenEndpointAuthMethod.startsWith('client_secret_'),
      isChangeable: client.origin !== 'file',
    };
    return view('admin-client', values, problem ?? undefined);
  }

  private async act(act: 'secret' | 'delete', id: string, problem: Problem | null): Promise<PageView> {
    const client = shownClient(await this.client(id));
    const values = { client, label: client.name, act, overlaps: OVERLAPS, problem };
    return view('admin-client-act', values, problem ?? undefined);
  }
}

type Problem = Refused & { readonly status: number };

function sent(form: SubmittedForm<ClientForm>): ClientFields {
  return fieldsSent((field) => form.text(field), form.texts('grantTypes'));
}

function pathOf(id: string): string {
  return `${LIST}/${encodeURIComponent(id)}`;
}

function shownClient({ id, name, origin, type, firstParty, disabled, lastUsedAt }: OAuthClientReply): ShownClient {
  return { id, name, origin, type, isFirstParty: firstParty, isDisabled: disabled, lastUsedAt };
}
