import { Injectable } from '@nestjs/common';
import { renderSVG } from 'uqr';
import { FreshProof } from '../../access/fresh-proof.js';
import type { Exchange } from '../../access/replier.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import type { FactorChange } from '../../credentials/credential-mail-templates.js';
import { EnrolmentService, type NewTickets, type OwnChange } from '../../credentials/enrolment.service.js';
import { EnrolmentProof } from '../../credentials/enrolment-proof.js';
import { RecoveryCodes } from '../../credentials/recovery-codes.js';
import { type AuthContext, requireSession } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { FactorAttempts } from '../../lockout/factor-attempts.js';
import { requireEmail } from '../../users/require-email.js';
import { SecretBox } from './secret-box.js';
import { TotpFactor } from './totp.factor.js';
import { newSecret, otpauthUri, stepOf } from './totp-code.js';
import { totpOptions } from './totp-options.js';
import { TotpSecrets } from './totp-secrets.js';

/** How long a secret that was shown waits for its first code. */
const PENDING_SECONDS = 900;

/** A secret to be put into an authenticator app: shown now, and never again. */
export interface ShownSecret {
  /** Base32, for typing. */
  readonly secret: string;
  readonly uri: string;
  /** The address as a QR code: an SVG document. */
  readonly qrSvg: string;
}

/** Puts authenticator apps in place, and takes them away. */
@Injectable()
export class TotpEnrolmentService {
  private readonly issuer: string;

  constructor(
    private readonly factor: TotpFactor,
    private readonly secrets: TotpSecrets,
    private readonly box: SecretBox,
    private readonly fresh: FreshProof,
    private readonly proof: EnrolmentProof,
    private readonly attempts: FactorAttempts,
    private readonly enrolment: EnrolmentService,
    private readonly codes: RecoveryCodes,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.issuer = options.of(totpOptions).totpIssuer || new URL(options.of(coreOptions).publicUrl).hostname;
  }

  /**
   * Makes a secret that waits for its first code. One that is in use stays so until then.
   *
   * @param password needed where it would be the user's first second factor
   * @throws AuthError as `EnrolmentProof.toBegin`
   */
  async begin(auth: AuthContext, password: string | undefined, exchange: Exchange): Promise<ShownSecret> {
    await this.proof.toBegin(auth, password, exchange);
    const secret = newSecret();
    await this.secrets.setPending(auth.user.id, this.box.close(secret, auth.user.id), PENDING_SECONDS);
    const uri = otpauthUri(secret, { issuer: this.issuer, label: requireEmail(auth.user) });
    return { secret, uri, qrSvg: renderSVG(uri) };
  }

  /**
   * Puts the pending secret in use: the one before it is good for nothing from then on.
   *
   * @throws AuthError `conflict` when none is pending; `invalid_credentials` for a wrong code; `step_up_required`, `rate_limited`
   */
  async confirm(auth: AuthContext, code: string, change: Transport, exchange: Exchange) {
    await this.proof.toFinish(auth);
    const { id: userId } = auth.user;
    const pending = await this.pendingOf(userId);
    const attempt = { userId, boundTo: requireSession(auth).id, isGuess: true, isPending: true };
    const step = await this.attempts.guardProof(attempt, exchange, async () => this.judge(code, pending, userId));
    let recoveryCodes: string[] = [];
    const own = {
      ...this.change(auth, change, 'totp_enrolled'),
      amr: this.factor.amr,
      hasBody: true,
    };
    const tickets = await this.enrolment.enrol(
      own,
      async (_user, manager) => {
        if (!(await this.secrets.confirm(userId, pending, step, manager))) throw nothingPending();
        recoveryCodes = await this.codes.issue(userId, manager);
      },
      exchange,
    );
    return { recoveryCodes, tickets };
  }

  /** @throws AuthError `not_found` when there is none; `step_up_required`, `conflict` */
  async remove(auth: AuthContext, change: Transport, exchange: Exchange): Promise<NewTickets> {
    await this.fresh.assert(auth);
    const own = { ...this.change(auth, change, 'totp_removed'), amr: [] };
    return this.enrolment.remove(
      own,
      async ({ id }, manager) => {
        const hasOne = (await this.factor.enrolledBy(id, manager)).length > 0;
        if (!hasOne) throw new AuthError('not_found', { reason: 'totp_not_enrolled' });
        await this.secrets.delete(id, manager);
      },
      exchange,
    );
  }

  private change(auth: AuthContext, { transport }: Transport, kind: FactorChange) {
    return { factor: this.factor, auth, transport, change: kind };
  }

  private async pendingOf(userId: string): Promise<string> {
    const row = await this.secrets.find(userId);
    const isGood = row?.pendingUntil && this.clock.now() < row.pendingUntil;
    if (!isGood || row.pendingSecret === null) throw nothingPending();
    return row.pendingSecret;
  }

  private judge(code: string, boxed: string, userId: string): number {
    const secret = this.box.open(boxed, userId);
    const step = secret && stepOf(code, secret, this.clock.now());
    if (!step) throw new AuthError('invalid_credentials', { reason: 'wrong_code' });
    return step;
  }
}

type Transport = Pick<OwnChange, 'transport'>;

function nothingPending(): AuthError {
  return new AuthError('conflict', { reason: 'no_totp_pending' });
}
