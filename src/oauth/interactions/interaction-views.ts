import { Injectable, Logger } from '@nestjs/common';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { requestIdOf } from '../../http/request-id.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Catalogue } from '../../languages/catalogue.js';
import { languageOf } from '../../languages/language-of.js';
import { PagePaths } from '../../pages/page-paths.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { isServed } from '../../pages/pages-options.js';
import { RefusedForm } from '../../pages/refused-form.js';
import { withReturn } from '../../pages/return-address.js';
import { isOAuthOn, oauthOptions } from '../oauth-options.js';
import type { Interaction } from './interactions.js';
import { policyWithForms } from './page-policies.js';
import { consentValues } from './pages/consent-values.js';

/** What the page of an interaction returns. */
@Injectable()
export class InteractionViews {
  private readonly hasPages: boolean;

  constructor(
    private readonly paths: PagePaths,
    private readonly catalogue: Catalogue,
    options: Options,
  ) {
    this.hasPages = isServed('sign-in', options);
    const hasOwnPage = options.of(oauthOptions).oauthInteractionUrl !== undefined;
    if (isOAuthOn(options) && !this.hasPages && !hasOwnPage)
      new Logger('oauth').warn(
        'nobody can sign in to a client: set PAGES=on, or OAUTH_INTERACTION_URL to a page of yours',
      );
  }

  consent(interaction: Interaction, user: AuthUser): PageView {
    const headers = { 'Content-Security-Policy': policyWithForms(interaction.redirect?.formSource) };
    return view('oauth-consent', { ...consentValues(interaction, user) }, { headers });
  }

  switchUser(interaction: Interaction, user: AuthUser, reason: 'acting' | 'other'): PageView {
    const { uid, client, redirect } = interaction;
    const headers = { 'Content-Security-Policy': policyWithForms(redirect?.formSource) };
    return view('oauth-switch', { uid, client: client.name, who: user.email ?? user.id, reason }, { headers });
  }

  /** To the client, by an address that the browser opens of itself. @param next where the library goes on */
  goOn({ client }: Interaction, next: string): PageView {
    return view('oauth-continue', { client: client.name, next }, { headers: { Refresh: `0;url=${next}` } });
  }

  /** @throws AuthError `not_found` where there is no such page */
  signIn(uid: string): SeeOther {
    return this.andBack('/sign-in', uid);
  }

  enrol(uid: string): SeeOther {
    return this.andBack('/sign-in/enrol', uid);
  }

  confirm(uid: string): SeeOther {
    return this.andBack('/confirm', uid);
  }

  /** The words of scopes in the language that the request asks for. */
  words({ headers }: HttpRequest): (word: string) => string {
    const given = { asked: null, kept: undefined, setting: undefined, accepted: headers['accept-language'] };
    const language = languageOf(given, this.catalogue.languages);
    return (word) => this.catalogue.text(language, word);
  }

  /** What cannot be gone on with is said on a page of its own. @throws RefusedForm */
  async orProblem<T>(request: HttpRequest, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AuthError) || (error.code !== 'not_found' && error.code !== 'conflict')) throw error;
      const requestId = requestIdOf(request as Parameters<typeof requestIdOf>[0]);
      const values = { said: 'oauth-problem.expired', code: null, detail: null, requestId };
      throw new RefusedForm(error, view('oauth-problem', values, { status: error.status }));
    }
  }

  private andBack(path: string, uid: string): SeeOther {
    if (!this.hasPages) throw new AuthError('not_found', { reason: 'no_pages_and_no_interaction_url' });
    return seeOther(withReturn(path, this.paths.routeOf(`/oauth/interaction/${uid}`)));
  }
}
