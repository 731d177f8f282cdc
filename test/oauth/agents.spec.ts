import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import type { ActingUser } from '../../src/testing/index.js';
import { runGuideCode } from '../docs/guide-code.js';
import { closedAtTheEnd } from '../left-open.js';
import { Authority, removeFolders } from '../mtls/authority.js';
import { followHome, startWithPages, visitorOf } from './interaction-node.js';
import { claimsOf, type OAuthNode } from './oauth-node.js';

const GUIDE = 'docs/guides/let-an-agent-in.md';

/** What an agent keeps, as the authors of MCP clients write it. */
class Keeping implements OAuthClientProvider {
  asked: URL | undefined;
  information: OAuthClientInformationMixed | undefined;
  kept: OAuthTokens | undefined;
  private verifier = '';

  constructor(
    readonly redirectUrl: string,
    readonly clientMetadataUrl?: string,
  ) {}

  get clientMetadata() {
    return { client_name: 'Agent Smith', redirect_uris: [this.redirectUrl], token_endpoint_auth_method: 'none' };
  }
  clientInformation = () => this.information;
  saveClientInformation(information: OAuthClientInformationMixed) {
    this.information = information;
  }
  tokens = () => this.kept;
  saveTokens(tokens: OAuthTokens) {
    this.kept = tokens;
  }
  redirectToAuthorization(url: URL) {
    this.asked = url;
  }
  saveCodeVerifier(verifier: string) {
    this.verifier = verifier;
  }
  codeVerifier = () => this.verifier;
  invalidateCredentials() {
    this.kept = undefined;
  }
}

/** The address at which an agent's document is, over TLS. */
class DocumentHost {
  private constructor(
    private readonly server: https.Server,
    readonly clientId: string,
  ) {}

  static async start(redirectUri: string): Promise<DocumentHost> {
    const authority = new Authority();
    const { key, cert } = authority.issue({ subject: '/CN=localhost', names: ['DNS:localhost'], eku: 'serverAuth' });
    // An authority that only this test knows; by Node's own option it would have to be there before the process begins.
    const { request } = https;
    jest
      .spyOn(https, 'request')
      .mockImplementation(((url: URL, options: object, answered: never) =>
        request(url, { ...options, ca: authority.identity.cert }, answered)) as never);
    let clientId = '';
    const server = https.createServer({ key, cert }, (_request, response) => {
      const document = { client_id: clientId, client_name: 'Agent Smith', redirect_uris: [redirectUri] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    clientId = `https://localhost:${(server.address() as AddressInfo).port}/agent.json`;
    return closedAtTheEnd(new DocumentHost(server, clientId));
  }

  async close(): Promise<void> {
    jest.restoreAllMocks();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    removeFolders();
  }
}

describe.each([
  ['express', 'mcp.controller.ts'],
  ['fastify', 'mcp-on-fastify.controller.ts'],
] as const)('an agent, by the official MCP client, on %s', (adapter, file) => {
  let node: OAuthNode;
  beforeAll(async () => {
    const { McpController } = await runGuideCode(GUIDE, file);
    node = await startWithPages({
      adapter,
      controllers: [McpController],
      options: { oauthRegistration: 'open', oauthClientDocuments: 'any' },
    });
  });
  afterAll(() => node?.close());

  async function connected(keeping: Keeping): Promise<Client> {
    const client = new Client({ name: 'agent', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${node.issuer}/mcp`), { authProvider: keeping }));
    return client;
  }

  /** Goes where the agent sends the user's browser, says yes there, and hands over what comes back. */
  async function letIn(keeping: Keeping, user: ActingUser): Promise<void> {
    await expect(connected(keeping)).rejects.toThrow('Unauthorized');
    const { pathname, search, searchParams } = keeping.asked!;
    expect(searchParams.get('resource')).toBe(`${node.issuer}/mcp`);
    const visitor = visitorOf(node, user);
    const page = await followHome(visitor, node, await visitor.open(pathname + search));
    expect(page.html).toContain('Agent Smith');
    expect(page.html).toContain(new URL(keeping.redirectUrl).hostname);
    expect(page.html).toContain('tools:use');
    const answer = await followHome(visitor, node, await visitor.submit({ accept: 'yes', scope: 'tools:use' }));
    const code = new URL(answer.location!).searchParams.get('code')!;
    await new StreamableHTTPClientTransport(new URL(`${node.issuer}/mcp`), { authProvider: keeping }).finishAuth(code);
  }

  const whoami = async (agent: Client) => (await agent.callTool({ name: 'whoami' })).content;
  const is = ({ email }: { email: string | null }) => [{ type: 'text', text: email }];

  it('that registers itself finds its way from the first refusal, acts for the user, and is out when the user signs out', async () => {
    const ada = await node.logIn();
    const keeping = new Keeping('https://agent.example.com/callback');
    await letIn(keeping, ada);
    expect(claimsOf(keeping.kept!.access_token)).toMatchObject({ aud: `${node.issuer}/mcp`, scope: 'tools:use' });
    const agent = await connected(keeping);
    expect(await whoami(agent)).toEqual(is(ada));
    expect((await node.here(ada).post('/auth/logout')).status).toBe(204);
    keeping.asked = undefined;
    // It asks for another token, gets none, and would have to send the user to sign in.
    await expect(whoami(agent)).rejects.toThrow('Unauthorized');
    expect(keeping.asked).toBeInstanceOf(URL);
    await agent.close();
  });

  it('that is known by a document of its own goes on without the browser, until the user takes its access back', async () => {
    const redirectUri = 'http://127.0.0.1:33418/callback';
    const host = await DocumentHost.start(redirectUri);
    const keeping = new Keeping(redirectUri, host.clientId);
    const ada = await node.logIn();
    await letIn(keeping, ada);
    // Whose client id is its address: nobody has registered it.
    expect(claimsOf(keeping.kept!.access_token).client_id).toBe(host.clientId);
    expect(await node.part(OAuthClients).find(host.clientId)).toBeNull();
    const agent = await connected(keeping);
    expect((await node.here(ada).post('/auth/logout')).status).toBe(204);
    expect(await whoami(agent)).toEqual(is(ada));
    const again = node.here(await node.logIn({ email: ada.email! }));
    const { body } = await again.get('/auth/grants');
    const [grant] = body.grants;
    expect((await again.delete(`/auth/grants/${grant.id}`)).status).toBe(204);
    await expect(whoami(agent)).rejects.toThrow('Unauthorized');
    await agent.close();
    await host.close();
  });

  it('gets nowhere with a token for another resource', async () => {
    const keeping = new Keeping('https://agent.example.com/callback');
    await letIn(keeping, await node.logIn());
    const headers = { authorization: `Bearer ${keeping.kept!.access_token}`, accept: 'application/json' };
    const { status } = await node.browser().get('/auth/me', headers);
    expect([401, 403]).toContain(status);
  });
});
