import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../../access/caller.js';
import { Options } from '../../config/options.js';
import {
  type EnrolledFactor,
  Factor,
  type FactorProof,
  type FirstClaim,
  type PlacesToBegin,
} from '../../credentials/factor.js';
import { httpOptions } from '../../http/http-options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { type GoodLoginMail, LoginMails } from './login-mails.js';
import { LoginRequests } from './login-requests.js';
import { MailboxProof } from './mailbox.proof.js';
import { isMailCodeOn, isMailLinkOn, isMailLoginOn } from './mailbox-options.js';
import { MailboxOwners } from './mailbox-owners.js';
import { MailedSecrets } from './mailed-secrets.js';

/**
 * Something that only the reader of the user's mailbox sees: a code, or a link. Begins logins and does nothing else: who reads a mailbox
 * could already reset the password, so that it is never a second factor, nor a step-up.
 */
@Injectable()
export class MailboxFactor extends Factor<MailboxProof> {
  readonly name = 'mailbox';
  /** RFC 8176 has no word for it; `otp` would pass for an authenticator app. */
  readonly amr = ['mailbox'];
  readonly proofClass = MailboxProof;
  override readonly canBegin = true;
  override readonly hasNumericCodes = true;
  private readonly isOn: { readonly code: boolean; readonly link: boolean };
  private readonly hasPages: boolean;

  constructor(
    private readonly mails: LoginMails,
    private readonly secrets: MailedSecrets,
    private readonly requests: LoginRequests,
    private readonly owners: MailboxOwners,
    options: Options,
  ) {
    super();
    this.isOn = { code: isMailCodeOn(options), link: isMailLinkOn(options) };
    this.hasPages = isMailLoginOn(options) && !options.of(httpOptions).routesLeftOut.includes(this.name);
  }

  override get title(): string {
    return 'a code or link by e-mail';
  }

  /** A code can be guessed, so attempts at it are counted, and locked, by the address. The link of the same mail cannot, and stays open. */
  override claimedEmail({ token, requestToken }: MailboxProof): string | null {
    if (token !== undefined || requestToken === undefined) return null;
    return this.requests.read(requestToken)?.email ?? null;
  }

  override async begin({ proof, caller, ...how }: FirstClaim<MailboxProof>): Promise<FactorProof> {
    const isByLink = proof.token !== undefined;
    const mail = await (isByLink
      ? this.byLink(proof, proof.token!, caller, how.keepsCookies)
      : this.byCode(proof, caller, how));
    return { user: await this.owners.find(mail, caller), amr: this.amr };
  }

  override async placesToBegin(): Promise<PlacesToBegin> {
    return { listed: [], areFoundByAddress: this.hasPages };
  }

  /** Nothing is set up: each user has an address. */
  async enrolledBy(): Promise<readonly EnrolledFactor[]> {
    return [];
  }

  async removeAllOf(userId: string, within: EntityManager): Promise<void> {
    await this.mails.endAllOf(userId, within);
  }

  /** Only with the request that asked for it: a code that a user is talked into reading out is of use in no other. The same work for an unknown address. */
  private async byCode(
    { requestToken, code = '' }: MailboxProof,
    caller: Caller,
    { isLocked, keepsCookies }: Pick<FirstClaim, 'isLocked' | 'keepsCookies'>,
  ): Promise<GoodLoginMail> {
    const request = this.isOn.code && requestToken !== undefined ? this.requests.read(requestToken) : null;
    if (!request) throw refused('login_request_unknown');
    if (keepsCookies && this.requests.ofBrowser(caller)?.id !== request.id) throw refused('login_of_another_browser');
    const locked = await isLocked();
    const tried = await this.mails.countTry(request.id);
    if (!tried) throw refused('login_mail_unknown_or_spent');
    const meant = tried.userId ?? undefined;
    if (locked) throw refused('locked', meant);
    if (!tried.isMailed || !this.secrets.isCodeOf(request.id, code)) throw refused('wrong_code', meant);
    return tried;
  }

  /**
   * In the browser that asked, the link is enough. In another one the address it was mailed to is asked for as well: a program that opens links,
   * and presses what can be pressed, types none; and no user ends up in the account of a stranger who has sent them a link of their own.
   */
  private async byLink(
    { requestToken, email }: MailboxProof,
    token: string,
    caller: Caller,
    keepsCookies: boolean,
  ): Promise<GoodLoginMail> {
    const id = this.isOn.link ? this.secrets.idOf(token) : null;
    const mail = id === null ? null : await this.mails.findGood(id);
    if (!mail) throw refused('login_mail_unknown_or_spent');
    const given = keepsCookies ? this.requests.tokenOf(caller) : (requestToken ?? null);
    const isByAsker = given !== null && this.requests.read(given)?.id === mail.id;
    if (!isByAsker && canonicalEmail(email) !== mail.email)
      throw refused('login_mail_opened_elsewhere', mail.userId ?? undefined);
    return mail;
  }
}

function refused(reason: string, userId?: string): AuthError {
  return new AuthError('invalid_credentials', { reason, userId });
}
