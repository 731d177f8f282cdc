import { Injectable } from '@nestjs/common';
import { Cookies, cookiesIn } from '../access/cookies.js';
import { Options } from '../config/options.js';
import type { HttpExchange, HttpRequest } from '../edge/http-exchange.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { Catalogue, type WordValues } from '../languages/catalogue.js';
import { directionOf, languageOf } from '../languages/language-of.js';
import { Assets } from './assets/assets.js';
import { FormTokens } from './form-tokens.js';
import { PagePaths } from './page-paths.js';
import { type Refused } from './page-view.js';
import { isServed } from './pages-options.js';
import { INVALID, isRefused, refusalElement } from './refusal-element.js';
import { Theme } from './theme/theme.js';
import { timeElement } from './time-element.js';

/** The values that every template gets beside its own. */
export interface CommonValues {
  /** The text of a word. `{site}` need not be given. */
  t(key: string, values?: WordValues): string;
  /** Where a page is, for browsers. */
  path(path: string): string;
  /** Where a JSON route is, for browsers. */
  route(path: string): string;
  /** The refusal as an element: put it there with `<%~ %>`. Empty for null. */
  refusal(refusal: Refused | null, labels?: Readonly<Record<string, string>>): string;
  /** Attributes of a field that is to blame; empty for others. With `<%~ %>`. */
  invalid(refusal: Refused | null, field: string): string;
  asset(name: string): string;
  readonly csrf: string;
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly user: { readonly email: string | null; readonly name: string | null; readonly isAdmin: boolean } | null;
  /** A `<time>` element: put it there with `<%~ %>`. */
  date(instant: string | Date): string;
  number(value: number): string;
  readonly title: string;
  readonly site: string;
  /** Whether the pages to sign in and of the account are served: without them, those of mailed links lead nowhere. */
  readonly hasPages: boolean;
}

const A_YEAR = 31_536_000;
const COOKIE = 'lang';

/** Makes the values of templates in the reader's language. */
@Injectable()
export class PageWords {
  private readonly site: string;
  private readonly cookieName: string;
  private readonly hasPages: boolean;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly tokens: FormTokens,
    private readonly paths: PagePaths,
    private readonly assets: Assets,
    private readonly cookies: Cookies,
    theme: Theme,
    options: Options,
  ) {
    this.site = theme.site;
    this.cookieName = cookies.hostName(COOKIE);
    this.hasPages = isServed('sign-in', options);
  }

  /** @param values of the page, which its title may have places for */
  valuesFor(name: string, values: object, { request, reply }: HttpExchange): CommonValues {
    const lang = this.languageFor({ request, reply });
    const t = (key: string, given: WordValues = {}) => this.catalogue.text(lang, key, { site: this.site, ...given });
    const { tokens, site } = this;
    const { user } = request;
    return {
      t,
      refusal: (refusal, labels) =>
        refusal ? refusalElement(refusal, name, { catalogue: this.catalogue, t }, labels) : '',
      invalid: (refusal, field) => (refusal && isRefused(refusal, field) ? INVALID : ''),
      path: (path) => this.paths.pathOf(path),
      route: (path) => this.paths.routeOf(path),
      asset: (asset) => this.paths.pathOf(this.assets.pathOf(asset)),
      get csrf() {
        return tokens.issue({ request, reply });
      },
      lang,
      dir: directionOf(lang),
      user: user ? { email: user.email, name: user.name, isAdmin: user.roles.includes(ADMIN_ROLE) } : null,
      date: (instant) => timeElement(instant, lang),
      number: (value) => new Intl.NumberFormat(lang).format(value),
      title: t(`${name}.title`, values as WordValues),
      site,
      hasPages: this.hasPages,
    };
  }

  /** One that the address asks for is kept. */
  private languageFor({ request, reply }: HttpExchange): string {
    const asked = askedLanguage(request);
    const kept = cookiesIn(request.headers.cookie, this.cookieName)[0];
    const { languages } = this.catalogue;
    const setting = request.user?.language;
    const language = languageOf({ asked, kept, setting, accepted: request.headers['accept-language'] }, languages);
    if (asked === language && kept !== language)
      this.cookies.set(reply, { name: this.cookieName, value: language, path: '/', maxAgeSeconds: A_YEAR });
    return language;
  }
}

function askedLanguage({ originalUrl, url }: HttpRequest): string | null {
  const query = (originalUrl ?? url).split('?', 2)[1] ?? '';
  return new URLSearchParams(query).get('lang');
}
