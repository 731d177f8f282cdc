import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type Library from 'oidc-provider';

/** What is known of a person who has an account there. */
export interface IndependentAccount {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

/** In what it differs between tests. */
export interface IndependentSettings {
  readonly method?: 'client_secret_basic' | 'client_secret_post';
  /** Whether address and name are told by userinfo alone, as the specification has it. */
  readonly tellsByUserinfo?: boolean;
}

/**
 * A second implementation as outside provider: `oidc-provider`, which was not written here. Its page asks nothing: the person who is `chosen` logs in and agrees.
 */
export class IndependentProvider {
  chosen: IndependentAccount | undefined;
  /** That it has posted. */
  readonly logoutTokens: string[] = [];
  readonly kind = 'oidc';
  readonly clientId = 'coatcheck';
  readonly clientSecret = randomUUID();

  private library!: Library;

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(
    redirectUri: string,
    { method = 'client_secret_basic', tellsByUserinfo = false }: IndependentSettings = {},
  ): Promise<IndependentProvider> {
    const { Provider } = await import('oidc-provider');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new IndependentProvider(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const provider: Library = new Provider(started.issuer, {
      clients: [
        {
          client_id: started.clientId,
          client_secret: started.clientSecret,
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
          token_endpoint_auth_method: method,
          backchannel_logout_uri: `${started.issuer}/backchannel`,
          backchannel_logout_session_required: true,
        },
      ],
      clientAuthMethods: [method],
      claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: tellsByUserinfo,
      features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
      cookies: { keys: ['tests only'] },
      issueRefreshToken: async () => true,
      rotateRefreshToken: true,
      // Without its own guard, which refuses this machine.
      fetch: (url, { method, headers, body } = {}) => fetch(url, { method, headers, body } as RequestInit),
      findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...started.chosen, sub }) }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      async loadExistingGrant({ oidc }) {
        const grant = new provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid email profile offline_access');
        await grant.save();
        return grant;
      },
    });
    started.library = provider;
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url === '/backchannel') return void started.keepLogoutToken(request, response);
      if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
      const login = { accountId: started.chosen!.sub };
      provider.interactionFinished(request, response, { login, consent: {} }).catch(() => response.destroy());
    });
    return started;
  }

  /** What a browser does there that holds nothing: it follows until it is sent back. */
  async answer(authorizationUrl: URL): Promise<URL> {
    const jar = new Map<string, string>();
    let at = authorizationUrl;
    while (at.origin === this.issuer) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const reply = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const line of reply.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
        jar.set(name!, value!);
      }
      const next = reply.headers.get('location');
      if (next === null) throw new Error(`${reply.status} of ${at.pathname}: ${await reply.text()}`);
      at = new URL(next, at);
    }
    return at;
  }

  get origin(): string {
    return this.issuer;
  }

  /** The user withdraws what the client was allowed. */
  async withdraw(refreshToken: string): Promise<void> {
    const stored = await this.library.RefreshToken.find(refreshToken);
    await (await this.library.Grant.find(stored!.grantId!))!.destroy();
  }

  /** Tells the client that a session there is over. */
  async logOut(subject: string, sessionId: string): Promise<void> {
    const client = (await this.library.Client.find(this.clientId)) as unknown as BackchannelClient;
    await client.backchannelLogout(subject, sessionId);
  }

  private async keepLogoutToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.logoutTokens.push(new URLSearchParams(await text(request)).get('logout_token')!);
    response.end();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What its types do not name. */
interface BackchannelClient {
  backchannelLogout(subject: string, sessionId: string): Promise<void>;
}
