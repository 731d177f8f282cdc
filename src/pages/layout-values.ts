import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import type { HttpExchange, HttpRequest } from '../edge/http-exchange.js';
import { Catalogue } from '../languages/catalogue.js';
import { ownNameOf } from '../languages/own-name-of.js';
import { DeclaredPages, isLeftOut, type NavigationEntry } from './define-templates.js';
import { ICON } from './icon.js';
import { Messages } from './messages.js';
import { PagePaths } from './page-paths.js';
import type { CommonValues } from './page-words.js';
import { isServed, type PageArea } from './pages-options.js';
import { ShownEntries } from './shown-entries.js';
import { Theme } from './theme/theme.js';

interface PageInside {
  readonly area: PageArea;
  /** HTML. */
  readonly body: string;
  readonly scripts: readonly string[];
}

/** The values of the layout beside those of every template: navigation, message, languages. */
@Injectable()
export class LayoutValues {
  private readonly entries: readonly (NavigationEntry & { readonly name: string })[];

  constructor(
    declared: DeclaredPages,
    private readonly catalogue: Catalogue,
    private readonly messages: Messages,
    private readonly paths: PagePaths,
    private readonly theme: Theme,
    private readonly shownEntries: ShownEntries,
    private readonly options: Options,
  ) {
    this.entries = [...declared]
      .flatMap(([name, page]) => (page.nav && !isLeftOut(page, options) ? [{ ...page.nav, name }] : []))
      .filter(({ area, shownIf }) => isServed(area, options) && (shownIf?.(options) ?? true))
      .sort((one, other) => one.order - other.order);
  }

  of({ area, body, scripts }: PageInside, given: CommonValues, exchange: HttpExchange): object {
    const { request } = exchange;
    const message = this.messages.take(exchange);
    return {
      area,
      body,
      icon: ICON,
      logo: this.theme.logo,
      scripts: scripts.map((script) => given.asset(script)),
      home: given.hasPages ? given.path(given.user ? '/account' : '/sign-in') : null,
      nav: given.user ? this.navigation(area, given, request) : [],
      otherArea: this.otherArea(area, given),
      message: message && given.t(message.key, message.values),
      isProblem: message?.isProblem ?? false,
      languages: this.languages(request),
    };
  }

  private navigation(area: PageArea, given: CommonValues, request: HttpRequest) {
    const here = this.paths.ownAddress(request)?.split('?', 1)[0] ?? '';
    const shown = this.entries.filter((entry) => entry.area === area);
    // Of the entries that a page is below, the longest: the overview is above all.
    const above = shown
      .flatMap(({ name, path, also = [] }) => [path, ...also].map((one) => ({ name, href: given.path(one) })))
      .filter(({ href }) => here === href || here.startsWith(`${href}/`));
    const current = above.sort((one, other) => other.href.length - one.href.length)[0];
    const led = shown.filter(({ name }) => name === current?.name || this.shownEntries.isShown(name));
    return led.map(({ name, path }) => ({
      href: given.path(path),
      label: given.t(`${name}.nav`),
      isCurrent: name === current?.name,
    }));
  }

  /** Admins go to and fro between their own account and the desk. */
  private otherArea(area: PageArea, given: CommonValues) {
    if (!given.user?.isAdmin || !isServed('admin', this.options)) return null;
    return area === 'admin'
      ? { href: given.path('/account'), label: given.t('layout.to.account') }
      : { href: given.path('/admin/ui'), label: given.t('layout.to.admin') };
  }

  /** Each by its own name, leading to this page in it. */
  private languages(request: HttpRequest) {
    const address = this.paths.ownAddress(request) ?? '/';
    return this.catalogue.languages.map((code) => {
      const url = new URL(address, 'http://here.invalid');
      url.searchParams.set('lang', code);
      return { code, name: ownNameOf(code), href: url.pathname + url.search };
    });
  }
}
