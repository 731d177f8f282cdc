import { Get, Post, Query, Req } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { IsText } from '../../http/is-text.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { actorOf } from '../../security/actor.js';
import { isOAuthOn, oauthOptions } from '../oauth-options.js';
import type { OAuthResource } from '../resources/oauth-resource.js';
import { noSuchResource, OAuthResourceAdmin } from '../resources/oauth-resource-admin.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { SaveResourceRequest } from '../resources/resources.requests.js';
import type { ResourceFields } from './admin-resources.template.js';
import { linesOf } from './client-form.js';

const LIST = '/admin/ui/resources';
const NONE: ResourceFields = { uri: '', name: '', scopes: '', accessTokenSeconds: '', operatorClientId: '' };

class ResourceQuery {
  @IsOptional()
  @IsString()
  @MaxLength(500)
  uri?: string;
}

class ResourceForm {
  @IsText(500)
  uri!: string;

  @IsText(100)
  name!: string;

  @IsText(20_000)
  scopes!: string;

  @Matches(/^\d{0,6}$/)
  accessTokenSeconds!: string;

  @IsText(512)
  operatorClientId!: string;
}

class DeleteForm {
  @IsText(500)
  uri!: string;
}

/** APIs that tokens are issued for. Their URIs are in the query and in forms: as a path they would be unreadable. */
@AdminPage('resources', isOAuthOn)
export class AdminResourcesPage {
  private readonly pipe = new StrictValidationPipe();
  private readonly usualSeconds: number;

  constructor(
    private readonly resources: OAuthResources,
    private readonly admin: OAuthResourceAdmin,
    private readonly freshProof: FreshProof,
    options: Options,
  ) {
    this.usualSeconds = options.of(oauthOptions).oauthAccessTokenSeconds;
  }

  @Get()
  async list(): Promise<PageView> {
    const all = await this.resources.all();
    const resources = all.map(({ uri, name, scopes, origin }) => ({ uri, name, scopes: Object.keys(scopes), origin }));
    return view('admin-resources', { resources });
  }

  @Get('edit')
  async show(@Query() { uri }: ResourceQuery, @CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.freshProof.assert(auth);
    if (!uri) return this.page(null, NONE, null);
    const found = await this.resources.find(uri);
    if (found === null) throw noSuchResource();
    return this.page(found, this.fieldsOf(found), null);
  }

  @Post('edit')
  save(
    @Submitted(ResourceForm) form: SubmittedForm<ResourceForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ uri, name, scopes, accessTokenSeconds, operatorClientId }) => {
        await this.freshProof.assert(auth);
        const params = await this.pipe.validated(SaveResourceRequest, {
          name: name.trim() || undefined,
          scopes: Object.fromEntries(linesOf(scopes).map(scopeIn)),
          accessTokenSeconds: accessTokenSeconds === '' ? null : Number(accessTokenSeconds),
          operatorClientId: operatorClientId.trim() || null,
        });
        await this.admin.save(uri.trim(), params, actorOf(auth, request));
        return seeOther(LIST, 'admin-resource.saved');
      },
      async (problem) => {
        const texts = Object.keys(NONE).map((field) => [field, form.text(field)]);
        const known = await this.resources.find(form.text('uri'));
        return this.page(known, Object.fromEntries(texts) as unknown as ResourceFields, problem);
      },
    );
  }

  @Post('delete')
  delete(
    @Submitted(DeleteForm) form: SubmittedForm<DeleteForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ uri }) => {
        await this.admin.remove(uri, actorOf(auth, request));
        return seeOther(LIST, 'admin-resource.deleted');
      },
      async (problem) => {
        const known = await this.resources.find(form.text('uri'));
        return this.page(known, known ? this.fieldsOf(known) : NONE, problem);
      },
    );
  }

  private page(known: OAuthResource | null, form: ResourceFields, problem: Refused | null): PageView {
    const values = {
      form,
      isKnown: known !== null,
      isDeletable: known?.origin === 'admin',
      isChangeable: known === null || !this.resources.isOfFile(known.uri),
      label: known?.name ?? '',
      problem,
    };
    return view(known === null ? 'admin-resource-new' : 'admin-resource', values, problem ?? undefined);
  }

  private fieldsOf({ uri, name, scopes, accessTokenSeconds, operatorClientId }: OAuthResource): ResourceFields {
    const lines = Object.entries(scopes).map(([scope, text]) => `${scope} ${text}`.trim());
    const seconds = accessTokenSeconds === this.usualSeconds ? '' : String(accessTokenSeconds);
    return {
      uri,
      name,
      scopes: lines.join('\n'),
      accessTokenSeconds: seconds,
      operatorClientId: operatorClientId ?? '',
    };
  }
}

/** The scope, and what it lets a client do. */
function scopeIn(line: string): [string, string] {
  const at = line.search(/\s/);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at).trim()];
}
