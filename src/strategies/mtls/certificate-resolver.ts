import { Injectable } from '@nestjs/common';
import type { ClientCertificate } from '../../access/certificate-binding.js';
import type { Verdict } from '../../access/ticket-strategy.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../../kernel/instant.js';
import { type CredentialView, CredentialViews, type Kept } from '../../revocation/credential-view.js';
import { banEndOf, toAuthUser, UserStore } from '../../users/user.store.js';
import { CertificateRecords } from './certificate-records.js';
import { CertificateVerifier, type VerifiedCertificate } from './certificate-verifier.js';

/** More services than that, and the longest known is asked for again. */
const VIEW_SIZE = 10_000;

/** A certificate with its user, as the stores had them. */
interface KnownCertificate extends Kept {
  readonly id: string;
  readonly verified: VerifiedCertificate;
  readonly firstUsedAt: Date;
  readonly scopes: readonly string[];
  readonly user: AuthUser;
  readonly userBannedUntil: Date | null;
}

/** Resolves a certificate to its service user: verified once, looked up in the stores once, then answered from this node's view. */
@Injectable()
export class CertificateResolver {
  private readonly view: CredentialView<KnownCertificate>;

  constructor(
    views: CredentialViews,
    private readonly verifier: CertificateVerifier,
    private readonly records: CertificateRecords,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {
    this.view = views.createView(VIEW_SIZE, users.announces);
  }

  /**
   * Answers without a promise when this node knows the certificate for certain, and then throws instead of rejecting.
   *
   * @throws AuthError `unauthenticated` unless an anchor vouches for it, it stands for a service user, and it was not revoked here
   */
  resolveCertificate(presented: ClientCertificate): Verdict | Promise<Verdict> {
    const known = this.view.peek(presented.thumbprint);
    if (known && this.verifier.holds(known.verified)) return this.verdictOf(known);
    return this.find(presented).then((found) => this.verdictOf(found));
  }

  private async find(presented: ClientCertificate): Promise<KnownCertificate> {
    const verified = await this.verifier.verify(presented);
    return this.view.load(presented.thumbprint, () => this.load(verified));
  }

  private async load(verified: VerifiedCertificate): Promise<KnownCertificate> {
    const holder = await this.records.holderOf(verified);
    const user = holder && (await this.users.find(holder.userId));
    if (!holder || user?.kind !== 'service')
      throw new AuthError('unauthenticated', { reason: 'certificate_of_nobody' });
    const { id, firstUsedAt, revokedAt } = await this.records.recordOf(verified, user.id);
    if (readInstantOrNull(revokedAt, 'certificates.revoked_at') !== null) {
      throw new AuthError('unauthenticated', { reason: 'certificate_revoked' });
    }
    return {
      subjects: [
        `key:certificate/${verified.certificate.identity}`,
        `user:${user.id}`,
        // A new name in its anchor may stand for another user.
        `key:anchor/${verified.anchor}`,
      ],
      id,
      verified,
      // Null only in the row of one that was revoked before it was ever used.
      firstUsedAt: readInstant(firstUsedAt, 'certificates.first_used_at'),
      scopes: Object.freeze([...holder.scopes]),
      user: Object.freeze(toAuthUser(user)),
      userBannedUntil: banEndOf(user),
    };
  }

  private verdictOf({ id, verified, firstUsedAt, scopes, user, userBannedUntil }: KnownCertificate): Verdict {
    const used = { createdAt: firstUsedAt, lastUsedAt: this.clock.now() };
    const credential = { id, name: null, ...used, expiresAt: verified.until };
    return { auth: { by: 'certificate', user, strategy: 'mtls', credential, scopes }, userBannedUntil };
  }
}
