import { LoginMails } from '../../src/factors/mailbox/login-mails.js';
import type { TestClient, TestReply } from '../../src/testing/index.js';
import { Usernames } from '../../src/usernames/usernames.js';
import { Granting } from '../oauth/granting.js';
import { type Aftermath, NEW_PASSWORD } from './happenings.js';
import { expected, type Holder } from './holder.js';

/** Untried: the use of a link that was good has ended it. By the other strategy another one is used first. */
export type Fate = 'lives' | 'ends' | 'untried';

/** What the holder holds, each with its column, and where it stands in what an event ends. */
export const HELD = {
  'the session that acts': { column: 'sessions', part: 'acting' },
  'another session': { column: 'sessions', part: 'other' },
  'a refresh token': { column: 'sessions', part: 'other' },
  'a client in the session that acts': { column: 'sessionGrants', part: 'acting' },
  'a client in another session': { column: 'sessionGrants', part: 'other' },
  'a client that goes on by itself': { column: 'offlineGrants', part: 'newer' },
  'a login under way': { column: 'pendingLogins', part: 'newer' },
  'a username': { column: 'usernames', part: 'newer' },
  'a mail to sign in with': { column: 'loginMails', part: 'newer' },
  'a remembered browser': { column: 'knownDevices', part: 'newer' },
  'a link that verifies': { column: 'verificationLinks', part: 'newer' },
  'a link that resets': { column: 'resetLinks', part: 'newer' },
  'a link that unlocks': { column: 'unlockLinks', part: 'newer' },
  'a link that confirms a new address': { column: 'emailChangeLinks', part: 'newer' },
  'an older way back': { column: 'undoLinks', part: 'older' },
  'a way back': { column: 'undoLinks', part: 'newer' },
  'an older notice’s "not me"': { column: 'notMeLinks', part: 'older' },
  'a notice’s "not me"': { column: 'notMeLinks', part: 'newer' },
  'an older API key': { column: 'apiKeys', part: 'older' },
  'an API key': { column: 'apiKeys', part: 'newer' },
  'an invitation': { column: 'invitations', part: 'newer' },
  'a token that lets clients register': { column: 'invitations', part: 'newer' },
  'an API key that was replaced': { column: 'rotatedApiKeys', part: 'newer' },
  'an older authenticator app': { column: 'factors', part: 'older' },
  'older recovery codes': { column: 'factors', part: 'older' },
  'a passkey': { column: 'factors', part: 'newer' },
  'an older linked login': { column: 'federatedIdentities', part: 'older' },
  'a linked login': { column: 'federatedIdentities', part: 'newer' },
  'the password': { column: 'password', part: 'newer' },
} as const;

export type Held = keyof typeof HELD;
export type Fates = Record<Held, Fate>;

const fateOf = (reply: TestReply, refusals: readonly number[]): Fate => {
  if (reply.status === 200 || reply.status === 204) return 'lives';
  if (refusals.includes(reply.status)) return 'ends';
  throw new Error(`answered ${reply.status}: ${reply.text}`);
};

/** Tries each thing a holder holds for real. What ends others comes last. */
export class Trials {
  private readonly fates = {} as Fates;
  /** The one that is right; null: none is. */
  private password: string | null = null;
  /** What was tried last has ended whatever was not tried. */
  private isOver = false;
  private readonly isUnproven: boolean;
  private readonly email: string;

  constructor(
    private readonly holder: Holder,
    private readonly after: Aftermath,
    private readonly by: 'session' | 'jwt',
    private readonly confirmsFirst: boolean,
  ) {
    this.email = after.email ?? holder.email;
    this.isUnproven = holder.isUnproven;
  }

  async all(): Promise<Fates> {
    await this.tickets();
    await this.grants();
    await this.keys('while it lasts');
    await this.after.lift?.();
    await this.grants();
    if (this.after.lift) await this.keys('afterwards');
    this.fates['a token that lets clients register'] = (await this.holder.mayRegister()) ? 'lives' : 'ends';
    this.fates['an invitation'] = fateOf(await this.holder.acceptInvitation(NEW_PASSWORD), [400]);
    await this.passwords();
    if (this.password === null) await this.links();
    await this.setPassword();
    await this.factors();
    if (!this.fates['a link that resets']) await this.links();
    await this.waysBack();
    for (const held of Object.keys(HELD) as Held[]) this.fates[held] ??= 'untried';
    return this.fates;
  }

  private async tickets(): Promise<void> {
    const { own, other, drifting, half } = this.holder;
    this.fates['the session that acts'] = await this.session(own);
    this.fates['another session'] = await this.session(other);
    this.fates['a refresh token'] =
      this.by === 'jwt' ? fateOf(await drifting.post('/auth/refresh', {}), [401]) : await this.session(drifting);
    const proof = { loginToken: half.loginToken, factor: 'totp', code: this.holder.code() };
    this.fates['a login under way'] = fateOf(await half.client.post('/auth/login/factor', proof), [401]);
    const names = this.holder.app.app.get(Usernames, { strict: false });
    this.fates['a username'] = (await names.ownerOf(this.holder.username)) ? 'lives' : 'ends';
    // Its use would be a proof of the mailbox, which ends what is tried next.
    const mails = this.holder.app.app.get(LoginMails, { strict: false });
    this.fates['a mail to sign in with'] = (await mails.findGood(this.holder.loginMail)) ? 'lives' : 'ends';
  }

  /** Whatever has ended stays so: also after a ban. */
  private async grants(): Promise<void> {
    const { grants, app } = this.holder;
    const granting = new Granting(app);
    for (const [held, id] of [
      ['a client in the session that acts', grants.acting],
      ['a client in another session', grants.other],
      ['a client that goes on by itself', grants.offline],
    ] as const) {
      const fate = (await granting.isGood(id)) ? 'lives' : 'ends';
      if (this.fates[held] === 'ends' && fate === 'lives') throw new Error(`${held} came back`);
      this.fates[held] = fate;
    }
  }

  private async session(client: TestClient): Promise<Fate> {
    const reply = await client.get('/auth/me');
    if (reply.body?.code !== 'token_expired') return fateOf(reply, [401]);
    const fate = fateOf(await client.post('/auth/refresh', {}), [401]);
    return fate === 'ends' ? fate : fateOf(await client.get('/auth/me'), []);
  }

  private async keys(when: 'while it lasts' | 'afterwards'): Promise<void> {
    for (const [held, key] of [
      ['an older API key', this.holder.keys.older],
      ['an API key', this.holder.keys.newer],
      ['an API key that was replaced', this.holder.keys.rotated],
    ] as const) {
      const fate = fateOf(await this.holder.app.client({ 'x-api-key': key }).get('/example/scoped'), [401, 403]);
      if (when === 'while it lasts' && this.after.lift && fate === 'lives')
        throw new Error(`${held} acts while banned`);
      this.fates[held] = fate;
    }
  }

  private logIn(password: string, client = this.holder.app.client()) {
    return this.holder.logIn(client, password, this.email);
  }

  private async passwords(): Promise<void> {
    const { password } = this.holder;
    const fate = fateOf(await this.logIn(password), [401]);
    this.fates['the password'] = fate;
    if (this.after.password) await expected(200, this.logIn(this.after.password));
    this.password = this.after.password ?? (fate === 'lives' ? password : null);
  }

  /** As the event has told its user to. */
  private async setPassword(): Promise<void> {
    const { resetToken: token } = this.after;
    if (this.password !== null || token === undefined) return;
    await expected(204, this.holder.post('/auth/password/reset', { token, password: NEW_PASSWORD }));
    this.password = NEW_PASSWORD;
  }

  private async factors(): Promise<void> {
    const remembered = `SELECT 1 FROM coatcheck.known_devices WHERE user_id = $1 AND remembered_until IS NOT NULL`;
    const isKept = (await this.holder.database.query(remembered, [this.holder.userId])).length > 0;
    this.fates['an older authenticator app'] = await this.second('totp', () => this.holder.code());
    this.fates['older recovery codes'] = await this.second('recovery_code', () => this.holder.recoveryCodes[0]!);
    this.fates['a passkey'] = fateOf(await this.holder.passkey.logIn({ transport: 'cookie' }), [401]);
    const { older, newer } = this.holder.linked;
    this.fates['an older linked login'] = await this.elsewhere(older);
    this.fates['a linked login'] = await this.elsewhere(newer);
    // Where no factor is left nothing is skipped: then only what is kept can tell.
    const isSkipped = this.fates['an older authenticator app'] === 'lives' ? !(await this.isAsked()) : isKept;
    if (isSkipped && !isKept) throw new Error('a browser that nobody remembers is not asked for a second factor');
    this.fates['a remembered browser'] = isSkipped ? 'lives' : 'ends';
  }

  private async elsewhere(subject: string): Promise<Fate> {
    const { error } = await this.holder.logInElsewhere(subject, 'elsewhere');
    if (error !== undefined && error !== 'invalid_credentials') throw new Error(`a login elsewhere: ${error}`);
    return error === undefined ? 'lives' : 'ends';
  }

  private async isAsked(): Promise<boolean> {
    const { status } = await expected(200, this.logIn(this.password!, this.holder.laptop.copy()));
    return status === 'factor_required';
  }

  /** By the password and this factor. */
  private async second(factor: string, code: () => string): Promise<Fate> {
    if (this.password === null) return 'ends';
    const client = this.holder.app.client();
    const { status, factors, loginToken } = await expected(200, this.logIn(this.password, client));
    if (status !== 'factor_required' || !factors.includes(factor)) return 'ends';
    return fateOf(await client.post('/auth/login/factor', { loginToken, factor, code: code() }), [401]);
  }

  private async links(): Promise<void> {
    const { links } = this.holder;
    await this.tryLink('a link that unlocks', '/auth/unlock', { token: links.unlock });
    if (this.by === 'jwt' && this.isUnproven && (await this.waysBack())) return;
    await this.holder.unverify();
    const isVerified = await this.tryLink('a link that verifies', '/auth/email/verify', { token: links.verify });
    // The first proof of a mailbox ends everything else.
    this.isOver = this.isUnproven && isVerified;
    if (this.isOver) return;
    const reset = { token: links.reset, password: NEW_PASSWORD };
    const attempts = [
      () => this.tryLink('a link that confirms a new address', '/auth/email/change/confirm', { token: links.confirm }),
      () => this.tryLink('a link that resets', '/auth/password/reset', reset),
    ];
    await this.untilGood(attempts);
  }

  /** The newer ones first: the older outlive their use. */
  private async waysBack(): Promise<boolean> {
    if (this.isOver || this.fates['an older way back']) return false;
    const { links } = this.holder;
    const { undo, olderUndo } = links;
    const back = (token: string) => ['/auth/email/change/undo', { token }] as const;
    const notMe = (token: string) => ['/auth/security/not-me', { token }] as const;
    const newer = [
      () => this.tryLink('a way back', ...back(undo)),
      () => this.tryLink('a notice’s "not me"', ...notMe(links.notMe)),
    ];
    this.isOver = await this.untilGood(newer);
    const isOlderGood = await this.tryLink('an older notice’s "not me"', ...notMe(links.olderNotMe));
    await this.tryLink('an older way back', ...back(olderUndo));
    return this.isOver || isOlderGood;
  }

  private async untilGood(attempts: readonly (() => Promise<boolean>)[]): Promise<boolean> {
    for (const attempt of this.confirmsFirst ? attempts : attempts.toReversed()) if (await attempt()) return true;
    return false;
  }

  private async tryLink(held: Held, path: string, body: object): Promise<boolean> {
    const fate = fateOf(await this.holder.post(path, body), [400]);
    this.fates[held] = fate;
    return fate === 'lives';
  }
}
