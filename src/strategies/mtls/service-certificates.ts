import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError, type FieldError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { type Actor, audited } from '../../security/actor.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { UserStore } from '../../users/user.store.js';
import { canonicalSerialNumber, certificateIdentity } from './certificate.js';
import { CertificateNameEntity } from './certificate-name.entity.js';
import { type CertificateName, canonicalName } from './certificate-names.js';
import { canonicalSubject } from './certificate-subject.js';
import { anchorFiles, mtlsOptions } from './mtls-options.js';

/** Who operates. */
export interface CertificateAdmin extends Pick<Actor, 'actorSession'> {
  readonly actorId: string | null;
  readonly origin: RequestOrigin | null;
}

/** A name that is to stand for a service user. */
export interface AddCertificateNameParams extends CertificateName {
  readonly anchor: string;
  readonly scopes: readonly string[];
}

/** A certificate, as its authority tells it apart. */
export interface RevokeCertificateParams {
  /** The anchor's name in the configuration. */
  readonly anchor: string;
  /** RFC 4514. */
  readonly issuer: string;
  /** Hexadecimal, with or without colons. */
  readonly serialNumber: string;
}

/** Lets admins say which names stand for which service, and revoke certificates. Each change takes effect on every node before the call returns. */
@Injectable()
export class ServiceCertificates {
  private readonly anchors: readonly string[];

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly actors: ActorsInForce,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.anchors = anchorFiles(options.of(mtlsOptions)).map(({ name }) => name);
  }

  /**
   * From now on a holder of a certificate of that anchor with that name is the service.
   *
   * @throws AuthError `validation_failed` for a name or anchor that cannot be, `not_found`, `conflict` for a person and for a
   *   name that stands for a user already
   */
  async addName(
    userId: string,
    params: AddCertificateNameParams,
    by: CertificateAdmin,
  ): Promise<CertificateNameEntity> {
    const { anchor, kind, scopes } = params;
    const value = canonicalName(kind, params.value);
    this.assertAnchor(anchor);
    if (value === null) throw invalid('value', `value must be a name of the kind ${kind} with at most 2,048 bytes`);
    const createdAt = this.clock.now();
    const row = { userId, anchor, kind, value, scopes: [...scopes], createdAt };
    const name = { id: uuidv7({ msecs: createdAt.getTime() }), ...row };
    await this.changing(`key:anchor/${anchor}`, async (manager) => {
      await this.actors.assert(by, manager, userId);
      await this.assertService(userId, manager);
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(CertificateNameEntity)
        .values(name)
        .orIgnore()
        .returning('id')
        .execute();
      if (inserted.raw.length === 0) throw new AuthError('conflict', { reason: 'certificate_name_taken' });
      const details = { anchor, kind, name: value, scopes };
      await this.audit.record({ type: 'certificate.name_added', userId, ...details, ...audited(by) }, manager);
    });
    return name;
  }

  /** A certificate with that name alone stands for no user any more. @throws AuthError `not_found` */
  async removeName(userId: string, nameId: string, by: CertificateAdmin): Promise<void> {
    await this.changing(`user:${userId}`, async (manager) => {
      await this.actors.assert(by, manager, userId);
      const { affected } = await manager.delete(CertificateNameEntity, { id: nameId, userId });
      if (!affected) throw new AuthError('not_found', { reason: 'no_such_certificate_name' });
      await this.audit.record({ type: 'certificate.name_removed', userId, nameId, ...audited(by) }, manager);
    });
  }

  /**
   * Refuses a certificate for good, whomever it stands for, also one that was never used here.
   *
   * @throws AuthError `validation_failed` for what no certificate has, `not_found` for no such user, `conflict` for a person
   */
  async revoke(userId: string, params: RevokeCertificateParams, by: CertificateAdmin): Promise<void> {
    const { anchor, issuer, serialNumber, identity } = this.identified(params);
    const now = this.clock.now();
    const announced: Announcement[] = [];
    await this.dataSource.transaction(async (manager) => {
      await this.actors.assert(by, manager, userId);
      await this.assertService(userId, manager);
      await manager.query(
        `INSERT INTO coatcheck.certificates (id, identity, user_id, anchor, issuer, serial_number, revoked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (identity, anchor)
         DO UPDATE SET revoked_at = coalesce(certificates.revoked_at, excluded.revoked_at)`,
        [uuidv7({ msecs: now.getTime() }), identity, userId, anchor, issuer, serialNumber, now],
      );
      const details = { anchor, issuer, serialNumber };
      await this.audit.record({ type: 'certificate.revoked', userId, ...details, ...audited(by) }, manager);
      announced.push({ subject: `key:certificate/${identity}`, kind: 'ended' });
      await this.revocations.announce(announced, manager);
    });
    await this.revocations.settle(announced);
  }

  /** @throws AuthError `validation_failed` */
  private identified({ anchor, ...params }: RevokeCertificateParams) {
    this.assertAnchor(anchor);
    const issuer = canonicalSubject(params.issuer);
    if (issuer === null)
      throw invalid('issuer', 'issuer must be a distinguished name, as the list shows it (RFC 4514)');
    const serialNumber = canonicalSerialNumber(params.serialNumber);
    if (serialNumber === null) throw invalid('serialNumber', 'serialNumber must be hexadecimal with at most 32 bytes');
    return { anchor, issuer, serialNumber, identity: certificateIdentity(issuer, serialNumber) };
  }

  private assertAnchor(anchor: string): void {
    if (!this.anchors.includes(anchor)) throw invalid('anchor', `anchor must be one of: ${this.anchors.join(', ')}`);
  }

  /** @throws AuthError `not_found`, `conflict` */
  async assertService(userId: string, within?: EntityManager): Promise<void> {
    const user = await this.users.find(userId, within);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    if (user.kind !== 'service') throw new AuthError('conflict', { reason: 'only_for_service_users' });
  }

  /** `change`, announced for `subject` in its transaction; returns when no node answers from before it. */
  private async changing(subject: Announcement['subject'], change: (manager: EntityManager) => Promise<void>) {
    const announcements = [{ subject, kind: 'changed' as const }];
    await this.dataSource.transaction(async (manager) => {
      await change(manager);
      await this.revocations.announce(announcements, manager);
    });
    await this.revocations.settle(announcements);
  }
}

function invalid(field: string, message: string): AuthError {
  const errors: FieldError[] = [{ field, rule: 'isCertificateName', message }];
  return new AuthError('validation_failed', { reason: `unfit_${field}`, errors });
}
