import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Client, ErrorOut, Interaction, KoaContextWithOIDC } from 'oidc-provider';
import type { HttpExchange } from '../../edge/http-exchange.js';
import { PagePaths } from '../../pages/page-paths.js';
import { PageReplies } from '../../pages/page-replies.js';
import { type PageView, view } from '../../pages/page-view.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { OAuthPages } from '../provider/oauth-pages.js';
import { stateOf } from '../provider/request-state.js';
import { policyWithForms } from './page-policies.js';
import type { DeviceProblem } from './pages/device.template.js';
import { redirectTarget } from './redirect-target.js';

/** By the name of the library's error. */
const DEVICE_PROBLEMS: Readonly<Record<string, DeviceProblem>> = {
  NoCodeError: 'missing',
  NotFoundError: 'wrong',
  ExpiredError: 'expired',
  AlreadyUsedError: 'used',
};

/** Where the library asks for its pages, ours are shown. */
@Injectable()
export class LibraryPages extends OAuthPages {
  constructor(
    private readonly replies: PageReplies,
    private readonly paths: PagePaths,
    private readonly clients: OAuthClients,
  ) {
    super();
  }

  interactionUrl(_ctx: KoaContextWithOIDC, { uid }: Interaction): string {
    return this.paths.routeOf(`/oauth/interaction/${uid}`);
  }

  async userCodeInputSource(ctx: KoaContextWithOIDC, _form: string, _out?: ErrorOut, error?: Error): Promise<void> {
    if (error?.name === 'AbortedError' || (error as { error?: string } | undefined)?.error === 'access_denied')
      return this.show(ctx, view('oauth-device-done', { client: null, isRefused: true }));
    const problem = error ? problemOf(ctx, error) : null;
    const { userCode = '' } = (error ?? {}) as { userCode?: string };
    const { action, xsrf } = formOf(ctx, 'code_verification');
    // What was typed, as far as a code may look like it.
    const shown = userCode.length <= 32 ? userCode : '';
    const status = error === undefined || ctx.status < 400 ? 200 : ctx.status;
    await this.show(ctx, view('oauth-device', { action, xsrf, userCode: shown, problem }, { status }));
  }

  async userCodeConfirmSource(
    ctx: KoaContextWithOIDC,
    _form: string,
    client: Client,
    deviceInfo: Record<string, unknown>,
    userCode: string,
  ): Promise<void> {
    const { ip } = deviceInfo;
    const { name, host } = await this.named(client);
    const values = { userCode, client: name, clientHost: host, ip: typeof ip === 'string' ? ip : null };
    await this.show(ctx, view('oauth-device-confirm', { ...formOf(ctx, 'code_verification'), ...values }));
  }

  async successSource(ctx: KoaContextWithOIDC): Promise<void> {
    const { client } = ctx.oidc;
    const name = client ? (await this.named(client)).name : null;
    await this.show(ctx, view('oauth-device-done', { client: name, isRefused: false }));
  }

  async logoutSource(ctx: KoaContextWithOIDC): Promise<void> {
    const { client, session } = ctx.oidc;
    const { postLogoutRedirectUri } = (session?.state ?? {}) as { postLogoutRedirectUri?: string };
    const headers = { 'Content-Security-Policy': policyWithForms(redirectTarget(postLogoutRedirectUri)?.formSource) };
    const user = stateOf(ctx.req).session?.user;
    const values = {
      ...formOf(ctx, 'end_session_confirm'),
      client: client ? (await this.named(client)).name : null,
      who: user ? (user.email ?? user.id) : null,
    };
    await this.show(ctx, view('oauth-logout', values, { headers }));
  }

  async postLogoutSuccessSource(ctx: KoaContextWithOIDC): Promise<void> {
    const { client } = ctx.oidc;
    const name = client ? (await this.named(client)).name : null;
    // The library names the client only where the user has left that one alone.
    await this.show(ctx, view('oauth-signed-out', { isSignedOut: name === null, client: name }));
  }

  async renderError(ctx: KoaContextWithOIDC, { error, error_description }: ErrorOut): Promise<void> {
    const status = Math.max(ctx.status, 400);
    const { requestId } = stateOf(ctx.req);
    const values = { said: saidOf(error, status), code: error, detail: error_description ?? null, requestId };
    await this.show(ctx, view('oauth-problem', values, { status }));
  }

  private async show(ctx: KoaContextWithOIDC, page: PageView): Promise<void> {
    const html = this.replies.show(page, 'sign-in', exchangeOf(ctx));
    ctx.status = page.status ?? 200;
    ctx.body = html;
  }

  /** As it is registered here; of one that describes itself, by what it says. */
  private async named({
    clientId,
    clientName,
  }: Client): Promise<{ readonly name: string; readonly host: string | null }> {
    const known = await this.clients.find(clientId);
    if (known === null) return { name: clientName ?? clientId, host: hostIn(clientId) };
    const uri = known.origin === 'registered' ? null : known.metadata.client_uri;
    return { name: known.name, host: hostIn(uri) };
  }
}

/** The library's own form: where it goes, and the secret that it must have. */
function formOf(ctx: KoaContextWithOIDC, route: string): { readonly action: string; readonly xsrf: string } {
  const { secret } = (ctx.oidc.session?.state ?? {}) as { secret?: string };
  return { action: ctx.oidc.urlFor(route), xsrf: secret ?? '' };
}

/** As our pages know requests: the library's are Node's own. */
function exchangeOf({ req, res }: KoaContextWithOIDC): HttpExchange {
  const { method = 'GET', url = '/', headers, socket } = req;
  const { originalUrl = url } = req as IncomingMessage & { originalUrl?: string };
  const user = stateOf(req).session?.user;
  return { request: { method, url, originalUrl, headers, socket, ...(user && { user }) }, reply: res };
}

function problemOf({ status }: KoaContextWithOIDC, { name }: Error): DeviceProblem {
  return status === 429 ? 'too-many' : (DEVICE_PROBLEMS[name] ?? 'failed');
}

function saidOf(error: string, status: number): string {
  if (status === 503) return 'oauth-problem.unavailable';
  if (status >= 500) return 'oauth-problem.failed';
  return error === 'session_not_found' || /expired/.test(error) ? 'oauth-problem.expired' : 'oauth-problem.client';
}

function hostIn(uri: unknown): string | null {
  return typeof uri === 'string' && URL.canParse(uri) ? new URL(uri).host || null : null;
}
