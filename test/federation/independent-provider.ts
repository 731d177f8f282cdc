import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Library from 'oidc-provider';

/** What is known of a person who has an account there. */
export interface IndependentAccount {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

/**
 * A second implementation as outside provider: `oidc-provider`, which was not written here. Its page asks nothing: the person who is `chosen` logs in and agrees.
 */
export class IndependentProvider {
  chosen: IndependentAccount | undefined;
  readonly clientId = 'coatcheck';
  readonly clientSecret = randomUUID();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(redirectUri: string): Promise<IndependentProvider> {
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
        },
      ],
      claims: { email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...started.chosen, sub }) }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      async loadExistingGrant({ oidc }) {
        const grant = new provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
        grant.addOIDCScope('openid email profile offline_access');
        await grant.save();
        return grant;
      },
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
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

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
