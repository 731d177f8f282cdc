import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeProvider } from './fake-provider.js';
import type { ProviderAnswer, ProviderQuestion, ProviderRoutes } from './fake-provider-answers.js';
import { fail } from './fake-provider-faults.js';
import { gitHubRoutes } from './fake-provider-github.js';
import { FakeProviderKeys } from './fake-provider-keys.js';
import { OAUTH2_ROUTES, OIDC_ROUTES } from './fake-provider-oidc.js';
import type { FakeProviderSettings } from './fake-provider-settings.js';

const DISCOVERY = '/.well-known/openid-configuration';

/**
 * Starts an outside provider on a free loopback port: discovery, authorization, token, keys, userinfo, revocation, or a GitHub's routes.
 * Stop it when the test is over.
 *
 * @example
 * const provider = await startFakeProvider();
 * const ada = provider.addPerson({ email: 'ada@example.com' });
 * // … log in by a connection { kind: 'oidc', issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret }
 * provider.wrong = { idToken: { claims: { nonce: undefined } } }; // and now it leaves the nonce out
 * provider.revoke({ person: ada }); // her refresh tokens are refused from now on
 * await provider.stop();
 */
export async function startFakeProvider(settings: FakeProviderSettings = {}): Promise<FakeProvider> {
  const keys = await FakeProviderKeys.generate(settings.algorithm ?? 'ES256');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new FakeProvider(origin, settings, keys, () => stop(server));
  const routes = routesOf(provider);
  server.on('request', (request, response) => {
    serve(provider, routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`the fake provider failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  return provider;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function routesOf({ kind, clientId }: FakeProvider): ProviderRoutes {
  if (kind === 'github') return gitHubRoutes(clientId);
  return kind === 'oauth2' ? OAUTH2_ROUTES : OIDC_ROUTES;
}

async function serve(
  provider: FakeProvider,
  routes: ProviderRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', provider.origin);
  const isElsewhere = url.pathname.startsWith('/elsewhere/');
  const route = routes[pathOf(provider, isElsewhere ? url.pathname.slice('/elsewhere'.length) : url.pathname)];
  if (!route) return send(response, { status: 404, body: { message: 'Not Found' } });
  const [endpoint, answer] = route;
  const question = await read(request, url, endpoint);
  provider.requests.push(question);
  await provider.before(question);
  const fault = isElsewhere ? undefined : provider.faultOf(endpoint);
  if (fault !== undefined && fail(fault, url, request, response)) return;
  const answered = await answer(provider, question);
  if (fault === 'lost') request.socket.destroy();
  else send(response, answered);
}

/** Below the path of the issuer; the discovery document also below any other, as providers with tenants have it. */
function pathOf({ settings }: FakeProvider, path: string): string {
  if (path.endsWith(DISCOVERY)) return DISCOVERY;
  const base = settings.path ?? '';
  return path.startsWith(`${base}/`) ? path.slice(base.length) : '';
}

async function read(
  request: IncomingMessage,
  url: URL,
  endpoint: ProviderQuestion['endpoint'],
): Promise<ProviderQuestion> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const isJson = request.headers['content-type']?.includes('json');
  const parameters = new URLSearchParams([...url.searchParams, ...new URLSearchParams(isJson ? '' : text)]);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { endpoint, method: request.method ?? 'GET', parameters, headers, url, json: isJson ? JSON.parse(text) : {} };
}

function send(response: ServerResponse, { status, headers, body }: ProviderAnswer): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(text);
}
