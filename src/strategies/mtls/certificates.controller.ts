import { Body, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { FreshProof } from '../../access/fresh-proof.js';
import { CurrentAuth, NotWhileImpersonating, Roles } from '../../access/route-decorators.js';
import { isSwitchedOn } from '../../config/core-options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { Describe } from '../../http/api-docs.js';
import { AuthController } from '../../http/auth-controller.js';
import { cursorOf, idsIn } from '../../http/page-cursor.js';
import { ownPageSize, PageQuery } from '../../http/page-query.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { actorOf } from '../../security/actor.js';
import {
  CertificateNameReply,
  CertificateNamesReply,
  CertificateReply,
  CertificatesReply,
} from './certificate.replies.js';
import {
  CertificateNameParams,
  CertificateNameRequest,
  RevokeCertificateRequest,
  ServiceParams,
} from './certificate.requests.js';
import { CertificateRecords } from './certificate-records.js';
import { ServiceCertificates } from './service-certificates.js';

@AuthController('admin/users/:id', 'Admin', isSwitchedOn('mtls'))
@Roles(ADMIN_ROLE)
@NotWhileImpersonating()
export class CertificatesController {
  constructor(
    private readonly certificates: ServiceCertificates,
    private readonly records: CertificateRecords,
    private readonly freshProof: FreshProof,
  ) {}

  @Describe({
    summary: 'List the certificates of a service user',
    description: 'Certificates that were used or revoked here, the most recent first.',
    answers: { 200: { description: 'A page of certificates.', type: CertificatesReply } },
    errors: ['forbidden', 'validation_failed', 'not_found', 'conflict'],
  })
  @Get('certificates')
  async listCertificates(
    @Param() { id }: ServiceParams,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<CertificatesReply> {
    await this.certificates.assertService(id.toLowerCase());
    const size = ownPageSize(limit);
    const found = await this.records.listOf(id, idsIn(cursor, 1)?.[0], size + 1);
    const certificates = found.slice(0, size);
    const nextCursor = found.length > size ? cursorOf(certificates.at(-1)!.id) : null;
    return { certificates: certificates.map(CertificateReply.of), nextCursor };
  }

  @Describe({
    summary: 'Revoke a certificate',
    description:
      'The certificate is named by its issuer and serial number. The revocation is permanent and applies to every user. The certificate need not have been used here.',
    answers: { 204: { description: 'The certificate is revoked on every node.' } },
    errors: ['forbidden', 'not_found', 'conflict'],
  })
  @Post('certificates/revoke')
  @HttpCode(204)
  async revokeCertificate(
    @Param() { id }: ServiceParams,
    @Body() params: RevokeCertificateRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.certificates.revoke(id.toLowerCase(), params, actorOf(auth, request));
  }

  @Describe({
    summary: 'List the certificate names of a service user',
    answers: {
      200: {
        description: 'All certificate names of the service user, the most recent first.',
        type: CertificateNamesReply,
      },
    },
    errors: ['forbidden', 'validation_failed', 'not_found', 'conflict'],
  })
  @Get('certificate-names')
  async listCertificateNames(@Param() { id }: ServiceParams): Promise<CertificateNamesReply> {
    await this.certificates.assertService(id.toLowerCase());
    return { certificateNames: (await this.records.namesOf(id)).map(CertificateNameReply.of) };
  }

  @Describe({
    summary: 'Assign a certificate name to a service user',
    description:
      'Clients whose certificate has this name under this trust anchor act as the service user, within the given scopes. Requires a fresh login or step-up.',
    answers: { 201: { description: 'The assigned name.', type: CertificateNameReply } },
    errors: ['step_up_required', 'forbidden', 'not_found', 'conflict'],
  })
  @Post('certificate-names')
  async addCertificateName(
    @Param() { id }: ServiceParams,
    @Body() order: CertificateNameRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<CertificateNameReply> {
    await this.freshProof.assert(auth);
    return CertificateNameReply.of(await this.certificates.addName(id.toLowerCase(), order, actorOf(auth, request)));
  }

  @Describe({
    summary: 'Remove a certificate name from a service user',
    answers: { 204: { description: 'The name is no longer accepted on any node.' } },
    errors: ['forbidden', 'not_found'],
  })
  @Delete('certificate-names/:nameId')
  @HttpCode(204)
  async removeCertificateName(
    @Param() { id, nameId }: CertificateNameParams,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<void> {
    await this.certificates.removeName(id.toLowerCase(), nameId, actorOf(auth, request));
  }
}
