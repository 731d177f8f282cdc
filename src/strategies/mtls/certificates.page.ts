import { Body, Get, Param, Post, Req } from '@nestjs/common';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import { isSwitchedOn } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { StrictValidationPipe } from '../../http/validation.pipe.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { actorOf } from '../../security/actor.js';
import { UserStore } from '../../users/user.store.js';
import { headOf, userPath } from '../../users/user-tabs.js';
import {
  CertificateNameParams,
  CertificateNameRequest,
  RevokeCertificateRequest,
  ServiceParams,
} from './certificate.requests.js';
import { NAME_KINDS, type NameKind } from './certificate-names.js';
import { CertificateRecords } from './certificate-records.js';
import { ServiceCertificates } from './service-certificates.js';

const SHOWN = 100;

class NameForm {
  @IsString()
  @MaxLength(40)
  anchor!: string;

  @IsIn(NAME_KINDS)
  kind!: NameKind;

  @IsString()
  @MaxLength(2048)
  value!: string;

  @IsString()
  @MaxLength(6_500)
  scopes!: string;
}

const EMPTY: NameForm = { anchor: 'default', kind: 'dns', value: '', scopes: '' };

/** The certificates of a service user. */
@AdminPage('users/:id/certificates', isSwitchedOn('mtls'))
export class CertificatesPage {
  private readonly pipe = new StrictValidationPipe();

  constructor(
    private readonly certificates: ServiceCertificates,
    private readonly records: CertificateRecords,
    private readonly users: UserStore,
    private readonly freshProof: FreshProof,
    private readonly options: Options,
  ) {}

  @Get()
  show(@Param() { id }: ServiceParams): Promise<PageView> {
    return this.page(id, EMPTY, null);
  }

  @Post('names')
  addName(
    @Param() { id }: ServiceParams,
    @Submitted(NameForm) form: SubmittedForm<NameForm>,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther | PageView> {
    return form.take(
      async ({ anchor, kind, value, scopes: listed }) => {
        const scopes = [...new Set(listed.split(/[\s,]+/).filter(Boolean))];
        const given = { anchor: anchor.trim(), kind, value: value.trim(), scopes };
        const params = await this.pipe.validated(CertificateNameRequest, given);
        await this.freshProof.assert(auth);
        await this.certificates.addName(id.toLowerCase(), params, actorOf(auth, request));
        return seeOther(userPath(id, 'certificates'), 'admin-user-certificates.added');
      },
      (problem) => this.page(id, sentName(form), problem),
    );
  }

  @Post('names/:nameId/remove')
  async removeName(
    @Param() { id, nameId }: CertificateNameParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    await this.certificates.removeName(id.toLowerCase(), nameId, actorOf(auth, request));
    return seeOther(userPath(id, 'certificates'), 'admin-user-certificates.removed');
  }

  @Post('revoke')
  async revoke(
    @Param() { id }: ServiceParams,
    @Body() params: RevokeCertificateRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<SeeOther> {
    await this.certificates.revoke(id.toLowerCase(), params, actorOf(auth, request));
    return seeOther(userPath(id, 'certificates'), 'admin-user-certificates.revoked');
  }

  private async page(id: string, form: NameForm, problem: Refused | null): Promise<PageView> {
    await this.certificates.assertService(id.toLowerCase());
    const user = await this.users.find(id);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    const names = (await this.records.namesOf(user.id)).map(({ id, anchor, kind, value, scopes }) => {
      return { id, anchor, kind, value, scopes };
    });
    const certificates = (await this.records.listOf(user.id, undefined, SHOWN)).map((one) => {
      const { anchor, issuer, serialNumber, subject, notAfter, firstUsedAt, revokedAt } = one;
      return { anchor, issuer, serialNumber, subject, notAfter, firstUsedAt, revokedAt };
    });
    const values = {
      ...headOf(user, 'certificates', this.options),
      names,
      certificates,
      kinds: NAME_KINDS,
      form,
      problem,
    };
    return view('admin-user-certificates', values, problem ?? {});
  }
}

function sentName(form: SubmittedForm<NameForm>): NameForm {
  const kind = NAME_KINDS.find((one) => one === form.text('kind')) ?? EMPTY.kind;
  return { anchor: form.text('anchor'), kind, value: form.text('value'), scopes: form.text('scopes') };
}
