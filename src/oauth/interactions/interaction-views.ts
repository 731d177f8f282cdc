import { Injectable } from '@nestjs/common';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { requestIdOf } from '../../http/request-id.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Catalogue } from '../../languages/catalogue.js';
import { languageOf } from '../../languages/language-of.js';
import { PagePaths } from '../../pages/page-paths.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { RefusedForm } from '../../pages/refused-form.js';
import { withReturn } from '../../pages/return-address.js';
import type { Interaction } from './interactions.js';
import { policyWithForms } from './page-policies.js';
import { consentValues } from './pages/consent-values.js';

/** Makes the views of an interaction's pages. */
@Injectable()
export class InteractionViews {
  constructor(
    private readonly paths: PagePaths,
    private readonly catalogue: Catalogue,
  ) {}

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

  /** Shows a page of its own for an interaction that cannot continue. @throws RefusedForm */
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
    return seeOther(withReturn(path, this.paths.routeOf(`/oauth/interaction/${uid}`)));
  }
}
