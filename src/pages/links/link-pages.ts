import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { PagePaths } from '../page-paths.js';
import { type PageView, type SeeOther, seeAddress, seeOther, view } from '../page-view.js';
import { isServed } from '../pages-options.js';
import { brokenRule, RefusedForm } from '../refused-form.js';
import type { LinkState, LinkValues } from './link-template.js';

/** A form of a mailed link that was sent. */
interface SentLink {
  /** Of its template. */
  readonly name: string;
  readonly token: string;
  /** Page that success leads to; it shows the word `<name>.done`. Absent: there is nothing to do here for now. */
  readonly onward?: '/sign-in' | '/account';
}

/** What the handlers of mailed links return. */
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
    return view(name, { ...this.values(isToken ? 'open' : 'incomplete'), token: isToken ? token : null, action });
  }

  /**
   * Does what the link is for.
   *
   * @throws RefusedForm for a link that is good for nothing, and for a password that will not do
   */
  async take({ name, token, onward }: SentLink, act: () => Promise<void>): Promise<SeeOther> {
    try {
      await act();
    } catch (error) {
      throw this.refusal(name, token, error);
    }
    return this.done(name, onward);
  }

  /** @param name whose word `<name>.done` is shown */
  done(name: string, onward?: SentLink['onward']): SeeOther {
    const message = `${name}.done`;
    if (onward && this.hasPages) return seeOther(onward, message);
    // To the address that the form went to: GET shows what there is to say.
    return seeAddress('form', message);
  }

  /** What `GET` of the form's address shows: the message, and the way to the sign-in page. */
  afterwards(): PageView {
    return view('link-done', { hasPages: this.hasPages });
  }

  /** The page of a link, and why it did not work. Anything that a person can do nothing about is given back as it is. */
  refusal(name: string, token: string, error: unknown): unknown {
    if (!(error instanceof AuthError)) return error;
    const wrong = brokenRule(error, 'password');
    if (wrong) return this.refused(error, name, { ...this.values('open'), token, action: 'form', wrong });
    const isSpent = error.code === 'invalid_token' || error.code === 'conflict';
    return isSpent ? this.refused(error, name, this.values('spent')) : error;
  }

  private refused(error: AuthError, name: string, values: LinkValues): RefusedForm {
    return new RefusedForm(error, view(name, { ...values }, { status: error.status }));
  }

  private values(state: LinkState): LinkValues {
    const hintPath = this.hasPages ? this.paths.pathOf('/password-hint') : null;
    return { state, token: null, action: 'form', wrong: null, hasPages: this.hasPages, hintPath };
  }
}
