import { createLocalJWKSet, jwtVerify } from 'jose';
import type { ClientParams } from '../../src/oauth/clients/client-params.js';
import type { TestClient, TestReply } from '../../src/testing/index.js';
import type { PageVisitor, Shown } from '../pages/page-visitor.js';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import type { OAuthNode, TestOAuthClient } from './oauth-node.js';

const CALLBACK = 'https://suite.example.com/callback';
export const AFTER_LOGOUT = 'https://suite.example.com/post_logout_redirect';

/** What a client was answered to an authorization request: its answer at the client's address, or the page that was shown. */
export interface Answer {
  readonly shown: Shown;
  /** Parameters at the client's address; empty where nobody was sent there. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly token_type: string;
  readonly scope?: string;
}

/**
 * A client as the OpenID Foundation's suite is one: registered by an admin, by a secret, without PKCE, in a browser whose user signs in by the
 * pages.
 */
export class FoundationSuite {
  private constructor(
    readonly node: OAuthNode,
    readonly client: TestOAuthClient,
    readonly bySecretPost: TestOAuthClient,
    readonly user: { readonly email: string; readonly password: string },
  ) {}

  static async start(): Promise<FoundationSuite> {
    const node = await startWithPages();
    const client = await register(node, { name: 'Suite' });
    const bySecretPost = await register(node, { name: 'By post', tokenEndpointAuthMethod: 'client_secret_post' });
    const user = await node.app.register({ name: 'Ada Lovelace', password: 'an engine weaves algebra' });
    return new FoundationSuite(node, client, bySecretPost, user);
  }

  register(params: Partial<ClientParams>): Promise<TestOAuthClient> {
    return register(this.node, params);
  }

  close(): Promise<void> {
    return this.node.close();
  }

  /** A browser without cookies. */
  browser(): PageVisitor {
    return visitorOf(this.node);
  }

  query(params: Record<string, string | undefined>, { id } = this.client): URLSearchParams {
    const all = {
      client_id: id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      state: 'state-1',
      nonce: 'nonce-1',
      ...params,
    };
    return new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  /** Opens an authorization request, and goes on until a page is shown or the client is answered. */
  async ask(
    browser: PageVisitor,
    params: Record<string, string | undefined> = {},
    client = this.client,
  ): Promise<Answer> {
    const opened = await browser.open(`/oauth/authorize?${this.query(params, client)}`);
    return this.answerIn(browser, opened);
  }

  async answerIn(browser: PageVisitor, opened: Shown): Promise<Answer> {
    const shown = await followHome(browser, this.node, opened);
    const isAnswer = shown.location?.startsWith(CALLBACK) ?? false;
    return { shown, params: isAnswer ? Object.fromEntries(new URL(shown.location!).searchParams) : {} };
  }

  /** On the page for signing in that is shown. */
  async signIn(browser: PageVisitor): Promise<Answer> {
    return this.answerIn(browser, await browser.submit({ ...this.user }));
  }

  /** On the page where one who is signed in proves that it is still they. */
  async confirm(browser: PageVisitor): Promise<Answer> {
    return this.answerIn(browser, await browser.submit({ password: this.user.password }));
  }

  /** All of it in a browser of its own, by the page for signing in. */
  async loginByPages(params: Record<string, string | undefined> = {}) {
    const browser = this.browser();
    const { shown } = await this.ask(browser, params);
    expect([shown.status, shown.html]).toEqual([200, expect.stringContaining('name="password"')]);
    const { params: answer } = await this.signIn(browser);
    return { browser, answer, tokens: await this.tokens(answer.code!) };
  }

  /** The same in the browser of a user who is signed in here already. */
  async login(params: Record<string, string | undefined> = {}) {
    const browser = await this.signedIn();
    const { params: answer } = await this.ask(browser, params);
    return { browser, tokens: await this.tokens(answer.code!) };
  }

  async signedIn(): Promise<PageVisitor> {
    return visitorOf(this.node, await this.node.logIn());
  }

  /** Signs in a while ago, by what the clock says; now it says again what the library's does, which cannot be moved. */
  async loginLongAgo(params: Record<string, string | undefined> = {}) {
    const { clock } = this.node.app;
    clock.advance((Date.now() - clock.now().getTime()) / 1000 - 120);
    const login = await this.loginByPages(params);
    clock.advance((Date.now() - clock.now().getTime()) / 1000);
    return login;
  }

  exchange(code: string, client = this.client): Promise<TestReply> {
    return this.node.token(client, { grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
  }

  async tokens(code: string, client = this.client): Promise<Tokens> {
    const { status, body, headers } = await this.exchange(code, client);
    expect([status, headers.get('cache-control'), body.token_type]).toEqual([200, 'no-store', 'Bearer']);
    return body as Tokens;
  }

  /** The claims of an ID token, after everything that a client must check of it. OpenID Connect Core §3.1.3.7 */
  async claims(idToken: string, { id } = this.client) {
    const { body } = await this.anybody().get('/.well-known/jwks.json');
    const { payload, protectedHeader } = await jwtVerify(idToken, createLocalJWKSet(body), {
      issuer: this.node.issuer,
      audience: id,
    });
    expect(protectedHeader.kid).toEqual(expect.any(String));
    return { ...payload, header: protectedHeader } as typeof payload & {
      auth_time: number;
      nonce?: string;
      header: typeof protectedHeader;
    };
  }

  async userinfo(accessToken: string): Promise<Record<string, unknown>> {
    const { status, body } = await this.node.userinfo(accessToken);
    expect(status).toBe(200);
    return body;
  }

  /** Whether the user is signed in there: a client that must not ask is told. */
  async isSignedIn(browser: PageVisitor): Promise<boolean> {
    const { params } = await this.ask(browser, { prompt: 'none' });
    if (params.error !== undefined) expect(params.error).toBe('login_required');
    return params.code !== undefined;
  }

  /** Sends the browser to the end of the session, and confirms where that is asked. */
  async logOut(browser: PageVisitor, params: Record<string, string>): Promise<Shown> {
    const asked = await browser.open(`/oauth/logout?${new URLSearchParams(params)}`);
    if (asked.status !== 200) return asked;
    return browser.submit({ logout: 'yes' }, '/oauth/logout/confirm');
  }

  anybody(): TestClient {
    return this.node.browser();
  }

  async discovery() {
    const { status, body } = await this.anybody().get('/.well-known/openid-configuration');
    expect(status).toBe(200);
    return body;
  }

  /** A form by the header, to a path. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<TestReply> {
    return this.node.form(path, fields, undefined, headers);
  }
}

/** An admin's client as the plan describes it: without PKCE. */
function register(node: OAuthNode, params: Partial<ClientParams>): Promise<TestOAuthClient> {
  const addresses = { redirectUris: [CALLBACK], postLogoutRedirectUris: [AFTER_LOGOUT] };
  return node.client({ ...addresses, firstParty: true, requirePkce: false, ...params });
}
