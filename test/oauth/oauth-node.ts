import { createHash, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Clock } from '../../src/kernel/clock.js';
import type { ClientParams } from '../../src/oauth/clients/client-params.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthResourceEntity } from '../../src/oauth/resources/oauth-resource.entity.js';
import { RESOURCES_CHANGED } from '../../src/oauth/resources/oauth-resources.js';
import { Revocations } from '../../src/revocation/revocations.js';
import {
  type ActingUser,
  type AuthTestApp,
  bootAuthApp,
  FakeClock,
  type TestAppSettings,
  TestClient,
  type TestReply,
} from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { reservePort } from '../ports.mjs';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

/** A client as a test knows it. */
export interface TestOAuthClient {
  readonly id: string;
  readonly secret: string | undefined;
  readonly redirectUri: string;
}

/** PKCE, RFC 7636. */
export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export interface NodeSettings extends TestAppSettings {
  /** Of another node: this one is a second of the same service, behind the same address. */
  readonly beside?: OAuthNode;
}

/** The API that clients of tests ask tokens for. */
export const API = 'https://api.example.com/';
/** The application's own page for sign-in, of nodes without pages. */
export const APP_PAGE = 'https://app.example.com/sign-in';
export const REDIRECT_URI = 'https://app.example.com/callback';

/**
 * A node of the provider on a port of its own, with what tests do there: clients, browsers of users who are logged in, authorization, tokens.
 * Its issuer is its own address, so that independent clients find it; a node beside another has that one's.
 */
export class OAuthNode {
  private constructor(
    readonly app: AuthTestApp,
    readonly issuer: string,
    readonly url: string,
    readonly database: TestDatabase,
    private readonly settings: NodeSettings,
  ) {}

  static async start({ beside, ...settings }: NodeSettings = {}): Promise<OAuthNode> {
    const port = await reservePort();
    const hasPages = (settings.options ?? beside?.settings.options)?.pages !== undefined;
    const database = beside?.database ?? (await freshDatabase());
    const issuer = beside?.issuer ?? `http://localhost:${port}`;
    const clock = beside?.app.clock ?? new FakeClock();
    const app = await bootAuthApp({
      adapter: 'fastify',
      ...settings,
      providers: [{ provide: Clock, useValue: clock }, ...(settings.providers ?? [])],
      configure: async (host) => {
        await settings.configure?.(host);
        await host.listen(port, 'localhost');
      },
      options: {
        databaseUrl: database.url,
        databasePoolSize: 6,
        publicUrl: issuer,
        authStrategies: ['session', 'oauth'],
        ...(!hasPages && { oauthInteractionUrl: APP_PAGE }),
        ...(beside ? beside.settings.options : {}),
        ...settings.options,
      },
    });
    const close = app.close.bind(app);
    const closed = closedAtTheEnd(
      Object.assign(app, { close: () => close().then(() => (beside ? undefined : database.drop())) }),
    );
    return new OAuthNode(closed, issuer, `http://localhost:${port}`, database, settings);
  }

  /** A second node of the same service: same issuer, same stores, same time. */
  another(settings: NodeSettings = {}): Promise<OAuthNode> {
    return OAuthNode.start({ ...settings, beside: this });
  }

  close(): Promise<void> {
    return this.app.close();
  }

  part<T>(token: abstract new (...given: never[]) => T): T {
    return this.app.app.get<T>(token as never, { strict: false });
  }

  get dataSource(): DataSource {
    return this.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** A client of an admin's. By default a first-party one with a secret, which may ask for {@link API}. */
  async client(params: Partial<ClientParams> = {}): Promise<TestOAuthClient> {
    const { client, clientSecret } = await this.part(OAuthClientAdmin).create(
      {
        name: 'App',
        type: 'confidential',
        redirectUris: [REDIRECT_URI],
        grantTypes: ['authorization_code', 'refresh_token'],
        firstParty: true,
        ...params,
      },
      { actorId: null, origin: null },
    );
    const [redirectUri = REDIRECT_URI] = params.redirectUris ?? [];
    return { id: client.id, secret: clientSecret, redirectUri };
  }

  /** An API, in the table. */
  async resource(uri = API, scopes: Record<string, string> = { 'orders:read': 'Read orders' }): Promise<string> {
    const row = { uri, name: uri, scopes, accessTokenSeconds: null, operatorClientId: null, createdAt: new Date() };
    await this.dataSource.getRepository(OAuthResourceEntity).save(row);
    await this.part(Revocations).confirm([RESOURCES_CHANGED]);
    return uri;
  }

  /** A browser in which a user is logged in. */
  logIn(as: Parameters<AuthTestApp['actAs']>[0] = {}): Promise<ActingUser> {
    return this.app.actAs({ strategy: 'session', ...as });
  }

  /** A browser in which nobody is. */
  browser(): TestClient {
    return new TestClient(this.url);
  }

  /** The same browser at this node. */
  here(browser: TestClient): TestClient {
    return browser.copyInto(new TestClient(this.url, browser.defaults));
  }

  /** Path and query of an authorization request. */
  authorizeUrl(client: TestOAuthClient, { challenge }: Pkce, params: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: client.redirectUri,
      scope: 'openid',
      state: 'a-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...params,
    });
    return `/oauth/authorize?${query}`;
  }

  /** Sends an authorization request and reads where the browser is sent. */
  async authorize(
    browser: TestClient,
    client: TestOAuthClient,
    params: Record<string, string> = {},
    proof: Pkce = pkce(),
  ): Promise<{ reply: TestReply; location: URL; proof: Pkce }> {
    const reply = await this.here(browser).get(this.authorizeUrl(client, proof, params));
    const location = new URL(reply.headers.get('location') ?? `about:blank#${reply.status}`, this.issuer);
    return { reply, location, proof };
  }

  /** A code, for a client that asks nobody. @throws when there is none */
  async code(browser: TestClient, client: TestOAuthClient, params: Record<string, string> = {}) {
    const { reply, location, proof } = await this.authorize(browser, client, params);
    const code = location.searchParams.get('code');
    if (code === null) throw new Error(`no code: ${reply.status} ${location.href} ${reply.text}`);
    return { code, proof };
  }

  /** A form to one of the endpoints, by a client that proves itself. */
  form(
    path: string,
    fields: Record<string, string>,
    client?: TestOAuthClient,
    headers: Record<string, string> = {},
  ): Promise<TestReply> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const proof: Record<string, string> = client?.secret ? { authorization: basic(client) } : {};
    const all = client && !client.secret ? { client_id: client.id, ...fields } : fields;
    return this.browser().request('POST', path, new URLSearchParams(all).toString(), { ...type, ...proof, ...headers });
  }

  token(client: TestOAuthClient, fields: Record<string, string>, headers?: Record<string, string>): Promise<TestReply> {
    return this.form('/oauth/token', fields, client, headers);
  }

  /** Exchanges a code. */
  exchange(
    client: TestOAuthClient,
    { code, proof }: { code: string; proof: Pkce },
    more: Record<string, string> = {},
  ): Promise<TestReply> {
    const fields = { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri };
    return this.token(client, { ...fields, code_verifier: proof.verifier, ...more });
  }

  /** All tokens of a client that asks nobody. @throws when there are none */
  async tokens(browser: TestClient, client: TestOAuthClient, params: Record<string, string> = {}) {
    const { status, body, text } = await this.exchange(client, await this.code(browser, client, params));
    if (status !== 200) throw new Error(`no tokens: ${status} ${text}`);
    return body as {
      access_token: string;
      refresh_token?: string;
      id_token?: string;
      scope: string;
      expires_in: number;
    };
  }

  refresh(client: TestOAuthClient, refreshToken: string, more: Record<string, string> = {}): Promise<TestReply> {
    return this.token(client, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more });
  }

  introspect(client: TestOAuthClient, token: string): Promise<TestReply> {
    return this.form('/oauth/introspect', { token }, client);
  }

  userinfo(token: string, headers: Record<string, string> = {}): Promise<TestReply> {
    return this.browser().get('/oauth/userinfo', { authorization: `Bearer ${token}`, ...headers });
  }
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** RFC 6749 §2.3.1 */
export function basic({ id, secret = '' }: TestOAuthClient): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

/** The claims of a JWT, unchecked. */
// biome-ignore lint/suspicious/noExplicitAny: assertions read whatever it says
export function claimsOf(jwt: string): any {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}
