import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Exchange } from '../../access/replier.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { causedBy } from '../../mail/mail-cause.js';
import { deviceName } from '../../sessions/device-name.js';
import { LoginMailCounts } from './login-mail-counts.js';
import { LoginMailLimits } from './login-mail-limits.js';
import { LoginMailWriter } from './login-mail-writer.js';
import { LoginMails } from './login-mails.js';
import { LoginRequests } from './login-requests.js';

/** Who asks for a mail to sign in with. */
export interface LoginMailParams {
  /** As typed. */
  readonly email: string;
  /** Of a client that keeps its tokens itself, if it has logged in before. */
  readonly deviceToken?: string | undefined;
  /** The client's earlier request, if it keeps no cookies: it ends. */
  readonly replaces?: string | undefined;
  /** What `returnAddress` gave, on pages. */
  readonly returnTo?: string | null;
}

/** What the client keeps meanwhile. */
export interface RequestedLoginMail {
  readonly requestToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Mails users what signs them in. */
@Injectable()
export class MailboxLoginService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly mails: LoginMails,
    private readonly requests: LoginRequests,
    private readonly writer: LoginMailWriter,
    private readonly limits: LoginMailLimits,
    private readonly counts: LoginMailCounts,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks for a mail, should a user have the address. Neither the answer nor its time tells. What this client asked for before ends; what
   * others have asked for does not, or a stranger could keep a user out.
   *
   * @throws AuthError `rate_limited`, whether or not a user has the address
   * @throws AuthError `validation_failed` for what is no address
   */
  async send(params: LoginMailParams, exchange: Exchange): Promise<RequestedLoginMail> {
    const email = canonicalEmail(params.email);
    if (email === null) throw notAnAddress();
    const { caller } = exchange;
    await this.limits.assertFew(email, params.deviceToken ?? null, exchange);
    const id = randomUUID();
    const expiresAt = this.clock.in(this.requests.lifeSeconds);
    const former =
      params.replaces === undefined ? this.requests.ofBrowser(caller) : this.requests.read(params.replaces);
    await this.dataSource.transaction(async (tx) => {
      causedBy(caller, tx);
      await this.mails.add({ id, email, expiresAt }, former?.id ?? null, tx);
      await this.writer.enqueue({ id, email, device: deviceName(caller.userAgent) }, tx);
    });
    this.counts.count('requested');
    const requestToken = this.requests.issue({ id, email, returnTo: params.returnTo ?? null }, exchange);
    return { requestToken, expiresIn: this.requests.lifeSeconds };
  }
}

function notAnAddress(): AuthError {
  const errors = [{ field: 'email', rule: 'isEmailAddress', message: 'email must be a single plain e-mail address' }];
  return new AuthError('validation_failed', { reason: 'not_an_address', errors });
}
