import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { PagePaths } from '../page-paths.js';
import { type PageView, refusalIn, type SeeOther, seeAddress, seeOther, view } from '../page-view.js';
import { isServed } from '../pages-options.js';
import { RefusedForm } from '../refused-form.js';
import type { LinkState, LinkValues } from './link-template.js';

/** Makes the views that handlers of mailed links return. */
@Injectable()
export class LinkPages {
  private readonly hasPages: boolean;

  constructor(
    private readonly paths: PagePaths,
    options: Options,
  ) {
    this.hasPages = isServed('sign-in', options);
  }

  /**
   * The page that a link opens. Nothing is looked up for it.
   *
   * @param token as it was in the address, whatever that is
   * @param action where the form goes, relative to the address, e.g. `verify/form`
   */
  show(name: string, token: unknown, action: string): PageView {
    const isToken = typeof token === 'string' && token !== '';
    return linkView(name, { ...this.values(isToken ? 'open' : 'incomplete'), token: isToken ? token : null, action });
  }

  /**
   * Does what a link is for.
   *
   * @throws RefusedForm for a link that is good for nothing, and for a password that will not do
   */
  async attempt<T>(name: string, token: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.refusal(name, token, error);
    }
  }

  /**
   * Where a link that has worked leads.
   *
   * @param name whose word `<name>.done` is shown there
   * @param onward absent: there is nothing to do here for now
   */
  done(name: string, onward?: '/sign-in' | '/account'): SeeOther {
    const message = `${name}.done`;
    if (onward && this.hasPages) return seeOther(onward, message);
    // To the address that the form went to: GET shows what there is to say.
    return seeAddress('form', message);
  }

  /** The form of a link whose token was just made, on the page of another. @param action relative to that page */
  choose(name: string, token: string, action: string): PageView {
    return linkView(name, { ...this.values('open'), token, action });
  }

  /** The view for a `GET` of the form's address: the message, and the way to the sign-in page. */
  afterwards(): PageView {
    return view('link-done');
  }

  /** The page of a link, and why it did not work. Anything that a person can do nothing about is given back as it is. */
  private refusal(name: string, token: string, error: unknown): unknown {
    if (!(error instanceof AuthError)) return error;
    const problem = refusalIn(error);
    const isOfPassword = problem.fields.some(({ field }) => field === 'password');
    if (isOfPassword) return this.refused(error, name, { ...this.values('open'), token, action: 'form', problem });
    const isSpent = error.code === 'invalid_token' || error.code === 'conflict';
    return isSpent ? this.refused(error, name, this.values('spent')) : error;
  }

  private refused(error: AuthError, name: string, values: LinkValues): RefusedForm {
    return new RefusedForm(error, linkView(name, values, error.status));
  }

  private values(state: LinkState): LinkValues {
    const hintPath = this.hasPages ? this.paths.pathOf('/password-hint') : null;
    return { state, token: null, action: 'form', problem: null, hintPath };
  }
}

/** The address, with its token, goes nowhere; the origin does, without which a form would come from nowhere. */
const HEADERS = { 'Referrer-Policy': 'strict-origin' };

function linkView(name: string, values: LinkValues, status?: number): PageView {
  return view(name, { ...values }, { status, headers: HEADERS });
}
