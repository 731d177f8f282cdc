import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration } from 'openid-client';
import { closedAtTheEnd } from '../left-open.js';
import type { TestOAuthClient } from './oauth-node.js';

type OpenIdClient = typeof import('openid-client');

/** A small web application that logs its users in by OpenID Connect, as its author would write it with `openid-client`. */
export class RelyingParty {
  private config: Configuration | undefined;
  private readonly waiting = new Map<string, { verifier: string; nonce: string }>();

  private constructor(
    private readonly library: OpenIdClient,
    private readonly server: Server,
  ) {}

  static async start(): Promise<RelyingParty> {
    const library = await import('openid-client');
    let party: RelyingParty | undefined;
    const server = createServer((request, response) => {
      party!.answer(request, response).catch((error: Error) => {
        response.writeHead(500, { 'content-type': 'text/plain' }).end(`failed: ${error.message}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    party = new RelyingParty(library, server);
    return closedAtTheEnd(party);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get redirectUri(): string {
    return `${this.origin}/callback`;
  }

  /** Reads what the provider says of itself. */
  async use(issuer: string, { id, secret }: TestOAuthClient): Promise<void> {
    const { discovery, allowInsecureRequests } = this.library;
    this.config = await discovery(new URL(issuer), id, secret, undefined, { execute: [allowInsecureRequests] });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    if (url.pathname === '/login') return this.begin(url, response);
    if (url.pathname === '/callback') return this.finish(url, request, response);
    const html = '<!doctype html><title>Ledger</title><a id="login" href="/login?scope=openid+email">Log in</a>';
    response.writeHead(url.pathname === '/' ? 200 : 404, { 'content-type': 'text/html' }).end(html);
  }

  private async begin({ searchParams }: URL, response: ServerResponse): Promise<void> {
    const { randomPKCECodeVerifier, calculatePKCECodeChallenge, randomState, randomNonce, buildAuthorizationUrl } =
      this.library;
    const [verifier, state, nonce] = [randomPKCECodeVerifier(), randomState(), randomNonce()];
    this.waiting.set(state, { verifier, nonce });
    const url = buildAuthorizationUrl(this.config!, {
      ...Object.fromEntries(searchParams),
      redirect_uri: this.redirectUri,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    response.writeHead(303, { location: url.href }).end();
  }

  private async finish(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const given = new URL(url);
    for (const [name, value] of new URLSearchParams(body)) given.searchParams.set(name, value);
    const type = { 'content-type': 'text/html; charset=utf-8' };
    const error = given.searchParams.get('error');
    if (error !== null) {
      response.writeHead(200, type).end(`<!doctype html><title>Ledger</title><h1>Refused: ${error}</h1>`);
      return;
    }
    const state = given.searchParams.get('state') ?? '';
    const { verifier, nonce } = this.waiting.get(state)!;
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    const tokens = await this.library.authorizationCodeGrant(this.config!, given, checks);
    const email = tokens.claims()?.email;
    response.writeHead(200, type).end(`<!doctype html><title>Ledger</title><h1>Logged in: ${email}</h1>`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
