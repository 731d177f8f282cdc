import type { DataSource } from 'typeorm';
import { InvitationsService } from '../../src/admin/invitations/invitations.service.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { RegistrationTokens } from '../../src/oauth/clients/registration-tokens.js';
import {
  type AuthTestApp,
  type FakeProvider,
  startFakeProvider,
  type TestClient,
  type TestReply,
  type TestUser,
} from '../../src/testing/index.js';
import { Usernames } from '../../src/usernames/usernames.js';
import { endOf, Federation } from '../federation/setting.js';
import { codeAt, setUpTotp } from '../flows/authenticator-app.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';
import { closedAtTheEnd } from '../left-open.js';
import { Granting } from '../oauth/granting.js';

export const SCOPE = 'example:read';
const WRONG = 'wrong horse battery staple';
let counter = 0;

export const freshAddress = () => `matrix-${++counter}@example.com`;

const RETURN = 'http://localhost:3000/done';

interface Outside {
  readonly provider: FakeProvider;
  readonly on: Federation;
}

/** One provider for each application, with a connection that vouches for nothing and one that vouches for every address. */
const outsides = new WeakMap<AuthTestApp, Promise<Outside>>();

function outsideOf(app: AuthTestApp): Promise<Outside> {
  const known = outsides.get(app) ?? startOutside(app);
  outsides.set(app, known);
  return known;
}

async function startOutside(app: AuthTestApp): Promise<Outside> {
  const provider = await startFakeProvider({ clock: app.clock });
  closedAtTheEnd({ close: () => provider.stop() });
  const on = new Federation(app);
  await on.connect(provider, { slug: 'elsewhere' });
  await on.connect(provider, { slug: 'vouching', vouchesForEmail: true });
  return { provider, on };
}

/** What `happening.ts` makes before and between. */
export interface Preparation {
  /** Registered by anybody, mailbox never proven. */
  readonly isUnproven?: boolean;
  /** The address that comes before a move was reached by no change of its user's. */
  readonly isSettled?: boolean;
  /** Between what is older and what is newer: the account moves to another address. */
  readonly isMoved?: boolean;
}

/** Answers the reply's body. @throws unless it has this status */
export async function expected(status: number, pending: Promise<TestReply>) {
  const reply = await pending;
  if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status}: ${reply.text}`);
  return reply.body;
}

/** Somebody who holds everything that can act for a user, each made by its real route. */
export class Holder {
  readonly password = 'an engine weaves algebra';
  email = freshAddress();
  userId = '';
  admin!: TestUser;
  /** The session that most events come from. */
  own!: TestUser;
  other!: TestClient;
  drifting!: TestClient;
  half!: { client: TestClient; loginToken: string };
  laptop!: TestClient;
  secret = '';
  recoveryCodes: string[] = [];
  passkey!: PasskeyHolder;
  /** Subjects at the outside provider that are linked. */
  readonly linked = { older: '', newer: '' };
  readonly keys = { older: '', newer: '', rotated: '' };
  /** What clients may do: in the session that acts, in another one, and by themselves. */
  readonly grants = { acting: '', other: '', offline: '' };
  readonly links = {
    verify: '',
    reset: '',
    unlock: '',
    confirm: '',
    olderUndo: '',
    undo: '',
    moveUndo: '',
    invitation: '',
    olderNotMe: '',
    notMe: '',
  };
  registrationToken = '';
  readonly username = `matrix.${++counter}`;
  /** Id of what was mailed to sign in with. */
  loginMail = '';
  /** Where the account was before it moved. */
  formerEmail = '';
  /** Where the pending change leads to. */
  wanted = freshAddress();

  private constructor(
    readonly app: AuthTestApp,
    readonly isUnproven: boolean,
    private readonly isSettled: boolean,
  ) {}

  static async of(app: AuthTestApp, preparation: Preparation = {}): Promise<Holder> {
    const holder = new Holder(app, preparation.isUnproven === true, preparation.isSettled === true);
    await holder.arrive();
    await holder.getOlder();
    app.clock.advance(60);
    if (preparation.isMoved) holder.links.moveUndo = await holder.move();
    app.clock.advance(60);
    await holder.getNewer();
    await holder.invite();
    await holder.getSessions();
    return holder;
  }

  get database(): DataSource {
    return this.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** For a step that was not used before. */
  code(): string {
    this.app.clock.advance(30);
    return codeAt(this.secret, this.app.clock.now());
  }

  post(path: string, body?: unknown): Promise<TestReply> {
    return this.app.client().post(path, body);
  }

  asAdmin(method: string, path: string, body?: unknown): Promise<TestReply> {
    return this.admin.request(method, `/admin/users/${this.userId}${path}`, body);
  }

  /** A change of address, or time, has the session that acts fetch new tokens. */
  async refreshed(): Promise<void> {
    await expected(200, this.act('GET', '/auth/me'));
  }

  /** As the session that acts, with tokens that are fresh. */
  async act(method: string, path: string, body?: unknown): Promise<TestReply> {
    const reply = await this.own.request(method, path, body);
    if (reply.body?.code !== 'token_expired') return reply;
    await expected(200, this.own.post('/auth/refresh', {}));
    return this.own.request(method, path, body);
  }

  /** The token of the newest mail with this in its subject. */
  async mailed(to: string, subject: string): Promise<string> {
    const mails = (await this.app.mails(to)).filter((mail) => mail.subject.includes(subject));
    const token = /token=([\w.-]+)/.exec(mails[0]?.text ?? '')?.[1];
    if (!token) throw new Error(`no "${subject}" was mailed to ${to}`);
    return token;
  }

  logIn(client: TestClient, password = this.password, email = this.email): Promise<TestReply> {
    return client.post('/auth/login', { email, password, transport: 'cookie' });
  }

  /** By the password and the authenticator app. */
  async enter(client: TestClient, more: object = {}): Promise<TestClient> {
    const { loginToken } = await expected(200, this.logIn(client));
    await expected(200, client.post('/auth/login/factor', { loginToken, factor: 'totp', code: this.code(), ...more }));
    return client;
  }

  /** So that it can be verified. By hand: an admin who says so ends much by it. */
  async unverify(): Promise<void> {
    await this.database.query('UPDATE coatcheck.users SET email_verified_at = NULL WHERE id = $1', [this.userId]);
  }

  /** As an admin, which most events are not tried on. */
  private async invite(): Promise<void> {
    const email = freshAddress();
    const invitations = this.app.app.get(InvitationsService, { strict: false });
    await invitations.invite({ email, roles: ['editor'] }, { actorId: this.userId, origin: null });
    this.links.invitation = await this.mailed(email, 'invited');
    const tokens = this.app.app.get(RegistrationTokens, { strict: false });
    const by = { actorId: this.userId, origin: null };
    this.registrationToken = (await tokens.make({ expiresInSeconds: 86_400, uses: 10 }, by)).token;
  }

  /** While its sender is an admin: no invitation of anybody else is good. */
  acceptInvitation(password: string): Promise<TestReply> {
    return this.asIfAdmin(() => this.post('/auth/invitation', { token: this.links.invitation, password }));
  }

  /** Whether a client could register by the token that the holder made; while they are an admin, as above. */
  async mayRegister(): Promise<boolean> {
    const tokens = this.app.app.get(RegistrationTokens, { strict: false });
    const take = () => this.database.transaction((tx) => tokens.take(this.registrationToken, tx));
    return (await this.asIfAdmin(take)) !== null;
  }

  private async asIfAdmin<T>(act: () => Promise<T>): Promise<T> {
    const setRoles = (roles: string[]) =>
      this.database.query('UPDATE coatcheck.users SET roles = $2 WHERE id = $1', [this.userId, roles]);
    const [user] = await this.database.query('SELECT roles FROM coatcheck.users WHERE id = $1', [this.userId]);
    await setRoles(['admin']);
    const result = await act();
    if (user) await setRoles(user.roles);
    return result;
  }

  private async arrive(): Promise<void> {
    this.admin = await this.app.logIn({ transport: 'cookie', changes: { roles: ['admin'] } });
    const { email, password } = this;
    if (this.isUnproven) await expected(202, this.post('/auth/register', { email, password }));
    else await expected(201, this.admin.post('/admin/users', { email, password, emailVerified: true }));
    await this.app.mails();
    this.own = await this.app.logInAgain({ email, password, transport: 'cookie' });
    this.userId = this.own.userId;
  }

  /** What is from before the move of those who are moved. */
  private async getOlder(): Promise<void> {
    if (this.isUnproven || this.isSettled) {
      await this.params(freshAddress());
      this.links.olderUndo = await this.mailed(this.email, 'A change of your e-mail address');
    } else this.links.olderUndo = await this.move();
    this.app.clock.advance(1);
    await this.refreshed();
    const { secret, reply } = await setUpTotp(this.app, this.own);
    this.secret = secret;
    this.recoveryCodes = reply.body.recoveryCodes;
    this.links.olderNotMe = await this.mailed(this.email, 'A way to sign in has changed');
    this.linked.older = await this.link();
    this.keys.older = (await this.key()).apiKey;
  }

  private async getNewer(): Promise<void> {
    const rotated = await this.key();
    this.keys.rotated = rotated.apiKey;
    const next = await this.act('POST', `/auth/api-keys/${rotated.id}/rotate`, { overlapSeconds: 3600 });
    this.keys.newer = (await expected(201, Promise.resolve(next))).apiKey;
    await this.refreshed();
    this.passkey = new PasskeyHolder(this.app, this.own);
    await expected(201, this.passkey.register());
    this.links.notMe = await this.mailed(this.email, 'A way to sign in has changed');
    this.linked.newer = await this.link();
    await this.params(this.wanted);
    this.links.confirm = await this.app.mailedToken(this.wanted);
    this.links.undo = await this.mailed(this.email, 'A change of your e-mail address');
    await expected(202, this.post('/auth/password/forgot', { email: this.email }));
    this.links.reset = await this.mailed(this.email, 'Reset your password');
    await this.unverify();
    await expected(202, this.post('/auth/email/verification', { email: this.email }));
    this.links.verify = await this.mailed(this.email, 'Verify');
    for (let i = 0; i < 3; i += 1) await expected(401, this.logIn(this.app.client(), WRONG));
    this.links.unlock = await this.mailed(this.email, 'locked');
    await expected(204, this.asAdmin('POST', '/unlock'));
  }

  /** Last: a change of factors ends them. */
  private async getSessions(): Promise<void> {
    this.other = await this.enter(this.app.client());
    this.drifting = await this.enter(this.app.client());
    this.laptop = await this.enter(this.app.client(), { rememberDevice: true });
    const client = this.app.client();
    const { loginToken } = await expected(200, this.logIn(client));
    this.half = { client, loginToken };
    await this.grant();
    const names = this.app.app.get(Usernames, { strict: false });
    await this.database.transaction((tx) => names.take(this.userId, this.username, true, tx));
    await expected(202, this.post('/auth/login/mailbox/send', { email: this.email }));
    [this.loginMail = ''] = (await this.mailed(this.email, 'Sign in to')).split('.');
  }

  /** As the provider makes them. */
  private async grant(): Promise<void> {
    await this.refreshed();
    const granting = new Granting(this.app);
    const clientId = await granting.client();
    const user = await granting.owner(this.own);
    for (const [held, client] of [
      ['acting', this.own],
      ['other', this.other],
      ['offline', null],
    ] as const) {
      const sessionId = client && (await granting.sessionOf(client));
      const id = await granting.grants.create({ clientId, user, sessionId, payload: {} });
      if (id === null) throw new Error('no grant was made');
      this.grants[held] = id;
    }
  }

  /** What comes of a login elsewhere: as this subject, which has this address there. */
  async logInElsewhere(subject: string, connection: 'elsewhere' | 'vouching', email: string | null = null) {
    const outside = await outsideOf(this.app);
    outside.provider.chosen = outside.provider.addPerson({ subject, email });
    return endOf(await outside.on.logIn(this.app.client(), connection, { returnTo: RETURN })).said;
  }

  /** Links a login elsewhere to the user. @returns its subject */
  async link(): Promise<string> {
    const { provider, on } = await outsideOf(this.app);
    provider.chosen = provider.addPerson({ email: null });
    const body = { connection: 'elsewhere', returnTo: RETURN };
    const begun = await expected(200, this.act('POST', '/auth/identities', body));
    const { said } = endOf(await on.follow(this.own, await on.answer(new URL(begun.authorizationUrl))));
    if (said.error) throw new Error(`not linked: ${said.error}`);
    return provider.chosen.subject;
  }

  private async key(): Promise<{ id: string; apiKey: string }> {
    const reply = await this.act('POST', '/auth/api-keys', { name: 'a key', scopes: [SCOPE] });
    return expected(201, Promise.resolve(reply));
  }

  private async params(email: string): Promise<void> {
    await expected(202, this.act('POST', '/auth/email/change', { email, password: this.password }));
  }

  /** Answers the way back. */
  private async move(): Promise<string> {
    const [former, email] = [this.email, freshAddress()];
    await this.params(email);
    await expected(204, this.post('/auth/email/change/confirm', { token: await this.app.mailedToken(email) }));
    Object.assign(this, { formerEmail: former, email });
    Object.assign(this.own, { email });
    return this.mailed(former, 'was changed');
  }
}
