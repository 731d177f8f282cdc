import {
  type AuthTestApp,
  type Misbehaviour,
  SoftwareAuthenticator,
  type TestClient,
  type TestReply,
  type TestUser,
} from '../../src/testing/index.js';

export const ORIGIN = 'http://localhost:3000';

/** What differs from one passkey login to another. */
export interface PasskeyLogin {
  readonly email?: string;
  readonly strategy?: string;
  readonly transport?: 'body' | 'cookie' | 'split';
  readonly wrong?: Misbehaviour;
  /** The browser; default: one that holds nothing. */
  readonly client?: TestClient;
}

/** A user with a passkey in their pocket. */
export class PasskeyHolder {
  constructor(
    private readonly app: AuthTestApp,
    /** Whoever is logged in at this moment; renewed by each registration. */
    public user: TestUser,
    readonly authenticator = new SoftwareAuthenticator({ origin: ORIGIN }),
  ) {}

  /** Registers, logs in, and registers a passkey. */
  static async enrolled(app: AuthTestApp, strategy?: string, authenticator?: SoftwareAuthenticator) {
    const holder = new PasskeyHolder(app, await app.logIn({ strategy }), authenticator);
    const reply = await holder.register();
    if (reply.status !== 201) throw new Error(`no passkey was registered: ${reply.status} ${reply.text}`);
    return holder;
  }

  /** Registers one passkey more; goes on with the session's new tickets. */
  async register(more: { name?: string; wrong?: Misbehaviour } = {}): Promise<TestReply> {
    const options = await this.creationOptions();
    return this.send(this.authenticator.create(options, more.wrong), more.name);
  }

  /** One that the browser creates by itself, right after a login by password: nobody touches anything. */
  async upgrade(wrong: Misbehaviour = {}): Promise<TestReply> {
    const options = await this.creationOptions('conditional');
    return this.send(this.authenticator.create(options, { userPresent: false, userVerified: false, ...wrong }));
  }

  async creationOptions(mediation?: 'conditional') {
    const { status, text, body } = await this.user.post('/auth/factors/passkeys/options', {
      password: this.user.password,
      mediation,
    });
    if (status !== 200) throw new Error(`no options: ${status} ${text}`);
    return body;
  }

  async send(credential: object, name?: string): Promise<TestReply> {
    const reply = await this.user.post('/auth/factors/passkeys', { credential, name });
    this.goOnWith(reply);
    return reply;
  }

  async remove(id: string): Promise<TestReply> {
    const transport = this.user.accessToken ? 'split' : undefined;
    const reply = await this.user.request('DELETE', `/auth/factors/passkeys/${id}`, { transport });
    this.goOnWith(reply);
    return reply;
  }

  async list(): Promise<
    { id: string; name: string; lastUsedAt: string | null; backedUp: boolean; automatic: boolean }[]
  > {
    return (await this.user.get('/auth/factors/passkeys')).body.passkeys;
  }

  /** By this user's passkey alone. */
  async logIn(login: PasskeyLogin = {}): Promise<TestReply> {
    const { email, strategy, transport, wrong, client = this.app.client() } = login;
    const { body: options } = await client.post('/auth/login/passkey/options', { email });
    const credential = this.authenticator.get(options, wrong);
    return client.post('/auth/login/passkey', { credential, strategy, transport });
  }

  /** The first half of a login: the password. */
  async begin(client: TestClient, strategy?: string): Promise<string> {
    const { email, password } = this.user;
    const { status, text, body } = await client.post('/auth/login', { email, password, strategy });
    if (body?.status !== 'factor_required') throw new Error(`no second factor was asked for: ${status} ${text}`);
    return body.loginToken;
  }

  /** The second half: a passkey. */
  async proceed(client: TestClient, loginToken: string, wrong?: Misbehaviour): Promise<TestReply> {
    const { body: options } = await client.post('/auth/login/passkey/options', { loginToken });
    const credential = this.authenticator.get(options, wrong);
    return client.post('/auth/login/factor', { loginToken, factor: 'passkey', credential });
  }

  private goOnWith({ body }: TestReply): void {
    if (!body?.accessToken) return;
    const { email, password, userId, sessionId } = this.user;
    const client = this.user.copyInto(this.app.client({ authorization: `Bearer ${body.accessToken}` }));
    const { accessToken, refreshToken } = body;
    this.user = Object.assign(client, { email, password, userId, sessionId, accessToken, refreshToken });
  }
}
