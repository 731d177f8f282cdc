import { Get, Param, Post, Query, Req } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentAuth } from '../../../access/route-decorators.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { IsText } from '../../../http/is-text.js';
import { StrictValidationPipe } from '../../../http/validation.pipe.js';
import type { AuthContext } from '../../../kernel/auth-context.js';
import { AdminPage } from '../../../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { actorOf } from '../../../security/actor.js';
import { DEFAULT_SETTINGS } from '../connections/connection.js';
import { ConnectionAdmin } from '../connections/connection-admin.js';
import { ConnectionDomains } from '../connections/connection-domains.js';
import { labelOf } from '../connections/connection-label.js';
import type { ConnectionReply } from '../connections/connections.replies.js';
import {
  ChangeConnectionRequest,
  ConnectionIdParams,
  CreateConnectionRequest,
} from '../connections/connections.requests.js';
import { ShownConnections } from '../connections/shown-connections.js';
import { FederatedIdentities } from '../identities/federated-identities.js';
import { KINDS } from '../providers/providers.js';
import type { ShownConnection } from './admin-connections.template.js';
import {
  byFields,
  type ConnectionFields,
  ConnectionForm,
  editsOf,
  fieldsOf,
  fieldsSent,
  NewConnectionForm,
  NO_CONNECTION,
  paramsOf,
  VOUCHED,
} from './connection-form.js';

const LIST = '/admin/ui/connections';
const SHOWN = '50';
const CHOICES = { kinds: KINDS, vouched: VOUCHED } as const;

class ConnectionsPageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  cursor?: string;
}

class DomainForm {
  @IsText(253)
  domain!: string;

  @IsOptional()
  @IsIn(['admin'])
  proof?: 'admin';
}

class NoFields {
  @IsOptional()
  @Matches(/^$/)
  none?: string;
}

const ACTS = ['disable', 'enable', 'delete'] as const;
type Act = (typeof ACTS)[number];

class ActParams extends ConnectionIdParams {
  @IsIn(ACTS)
  act!: Act;
}

/** Outside providers, for admins. */
@AdminPage('connections')
export class AdminConnectionsPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly admin: ConnectionAdmin,
    private readonly domains: ConnectionDomains,
    private readonly shown: ShownConnections,
    private readonly identities: FederatedIdentities,
    private readonly freshProof: FreshProof,
  ) {}

  @Get()
  async list(@Query() { cursor }: ConnectionsPageQuery): Promise<PageView> {
    const { connections, fileConnections, nextCursor } = await this.shown.list({ cursor, limit: SHOWN });
    const all = [...fileConnections, ...connections].map(shownConnection);
    return view('admin-connections', { connections: all, isFirst: cursor === undefined, next: nextCursor });
  }

  /** An admin who must prove their identity once more does so before filling in the form. */
  @Get('new')
  async showNew(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.freshProof.assert(auth);
    return view('admin-connection-new', { ...CHOICES, form: NO_CONNECTION, problem: null });
  }

  @Post('new')
  create(
    @Submitted(NewConnectionForm) form: SubmittedForm<NewConnectionForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async (given) => {
        await this.freshProof.assert(auth);
        const params = await this.pipe.validated(CreateConnectionRequest, paramsOf(given));
        const { id } = await this.admin.create(params, actorOf(auth, request));
        return seeOther(pathOf(id), 'admin-connection.created');
      },
      (problem) => {
        const values = { ...CHOICES, form: sent(form), problem: byFields(problem) };
        return view('admin-connection-new', values, problem);
      },
    );
  }

  @Get(':id')
  async show(@Param() { id }: ConnectionIdParams): Promise<PageView> {
    const connection = await this.shown.find(id);
    return this.page(connection, { form: fieldsOf(connection) });
  }

  @Post(':id')
  change(
    @Param() { id }: ConnectionIdParams,
    @Submitted(ConnectionForm) form: SubmittedForm<ConnectionForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async (given) => {
        await this.freshProof.assert(auth);
        const edits = editsOf(given, await this.shown.find(id));
        await this.admin.change(id, await this.pipe.validated(ChangeConnectionRequest, edits), actorOf(auth, request));
        return seeOther(pathOf(id), 'admin-connection.saved');
      },
      async (problem) => this.page(await this.shown.find(id), { form: sent(form), problem: byFields(problem) }),
    );
  }

  @Post(':id/domains')
  addDomain(
    @Param() { id }: ConnectionIdParams,
    @Submitted(DomainForm) form: SubmittedForm<DomainForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ domain, proof = 'dns' as const }) => {
        await this.freshProof.assert(auth);
        const { verifiedAt } = await this.domains.add(id, domain, proof, actorOf(auth, request));
        const message = verifiedAt === null ? 'admin-connection.domain-noted' : 'admin-connection.domain-proven';
        return seeOther(pathOf(id), message);
      },
      async (domainProblem) => {
        const connection = await this.shown.find(id);
        return this.page(connection, { form: fieldsOf(connection), domain: form.text('domain'), domainProblem });
      },
    );
  }

  @Post(':id/domains/remove')
  removeDomain(
    @Param() { id }: ConnectionIdParams,
    @Submitted(DomainForm) form: SubmittedForm<DomainForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ domain }) => {
        await this.freshProof.assert(auth);
        await this.domains.remove(id, domain, actorOf(auth, request));
        return seeOther(pathOf(id), 'admin-connection.domain-removed');
      },
      async (domainProblem) => {
        const connection = await this.shown.find(id);
        return this.page(connection, { form: fieldsOf(connection), domainProblem });
      },
    );
  }

  @Get(':id/:act')
  async showAct(@Param() { id, act }: ActParams): Promise<PageView> {
    return this.act(act, id, null);
  }

  /** To disable takes away only, and needs no fresh proof. */
  @Post(':id/:act')
  perform(
    @Param() { id, act }: ActParams,
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async () => {
        if (act !== 'disable') await this.freshProof.assert(auth);
        const by = actorOf(auth, request);
        if (act === 'delete') await this.admin.remove(id, by);
        else await this.admin.change(id, { disabled: act === 'disable' }, by);
        return seeOther(act === 'delete' ? LIST : pathOf(id), `admin-connection-act.${act}.done`);
      },
      (problem) => this.act(act, id, problem),
    );
  }

  private async act(act: Act, id: string, problem: Refused | null): Promise<PageView> {
    const reply = await this.shown.find(id);
    const connection = shownConnection(reply);
    const values = {
      connection,
      label: connection.label,
      act,
      count: await this.identities.countOf(reply.id),
      problem,
    };
    return view('admin-connection-act', values, problem ?? undefined);
  }

  private page(reply: ConnectionReply, { form, problem = null, domain = '', domainProblem = null }: Shown): PageView {
    const connection = shownConnection(reply);
    const { redirectUri, hasClientSecret: hasSecret } = reply;
    const of = { connection, label: connection.label, redirectUri, hasSecret };
    const values = { ...CHOICES, ...of, form, problem, domain, domainProblem };
    return view('admin-connection', values, problem ?? domainProblem ?? undefined);
  }
}

interface Shown {
  readonly form: ConnectionFields;
  readonly problem?: Refused | null;
  readonly domain?: string;
  readonly domainProblem?: Refused | null;
}

function sent(form: SubmittedForm<ConnectionForm>): ConnectionFields {
  return fieldsSent((field) => form.text(field));
}

function pathOf(id: string): string {
  return `${LIST}/${encodeURIComponent(id)}`;
}

function shownConnection(reply: ConnectionReply): ShownConnection {
  const { id, slug, kind, issuer, origin, disabled, shadowed, domains, settings } = reply;
  const label = labelOf({ kind, slug, issuer, settings: { ...DEFAULT_SETTINGS, ...settings } });
  return {
    id,
    slug,
    kind,
    label,
    issuer,
    domains,
    isOfFile: origin === 'file',
    isDisabled: disabled,
    isShadowed: shadowed,
  };
}
