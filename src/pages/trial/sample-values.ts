import type { Catalogue, WordValues } from '../../languages/catalogue.js';
import { directionOf } from '../../languages/language-of.js';
import type { Assets } from '../assets/assets.js';
import type { PageTemplate } from '../define-templates.js';
import { ICON } from '../icon.js';
import type { CommonValues } from '../page-words.js';
import type { PageArea } from '../pages-options.js';
import { INVALID, isRefused, refusalElement } from '../refusal-element.js';
import type { Theme } from '../theme/theme.js';
import { timeElement } from '../time-element.js';

/** A page to be tried, and in which language. */
export interface TrialSubject {
  readonly name: string;
  readonly template: PageTemplate;
  readonly language: string;
}

/** The parts that pages are rendered with. */
export interface TrialMeans {
  readonly catalogue: Catalogue;
  readonly assets: Assets;
  readonly theme: Theme;
}

const USER = { email: 'ada@example.com', name: 'Ada Lovelace', isAdmin: true };
const TOKEN = 'sample-form-token';

/** The values of every template, as in a request without a user. */
export function sampleCommon(
  { name, template, language }: TrialSubject,
  { catalogue, assets, theme: { site } }: TrialMeans,
): CommonValues {
  const t = (key: string, given: WordValues = {}) => catalogue.text(language, key, { site, ...given });
  return {
    t,
    refusal: (refusal) => (refusal ? refusalElement(refusal, name, { catalogue, t }) : ''),
    invalid: (refusal, field) => (refusal && isRefused(refusal, field) ? INVALID : ''),
    path: (path) => path,
    route: (path) => path,
    asset: (asset) => assets.pathOf(asset),
    csrf: TOKEN,
    lang: language,
    dir: directionOf(language),
    user: isForUsers(name, template) ? USER : null,
    date: (instant) => timeElement(instant, language),
    number: (value) => catalogue.number(language, value),
    title: t(`${name}.title`, template.sample as WordValues),
    site,
    hasPages: true,
  };
}

/** The values of the layout beside those. */
export function sampleLayout(
  { name, template }: TrialSubject,
  { catalogue, theme }: TrialMeans,
  { body, given }: { readonly body: string; readonly given: CommonValues },
): object {
  return {
    area: areaOf(name, template),
    body,
    icon: ICON,
    logo: theme.logo,
    scripts: (template.scripts ?? []).map((script) => given.asset(script)),
    home: '/',
    nav: given.user ? [{ href: '/here', label: given.title, isCurrent: true }] : [],
    otherArea: given.user ? { href: '/account', label: given.t('layout.to.account') } : null,
    message: given.title,
    isProblem: true,
    languages: catalogue.languages.map((code) => ({ code, name: code, href: `?lang=${code}` })),
  };
}

function areaOf(name: string, { nav }: PageTemplate): PageArea {
  return nav?.area ?? (['account', 'admin'] as const).find((area) => name.split('-')[0] === area) ?? 'sign-in';
}

/** Of a built-in page only: one that a team puts in its place must do with what that gets. */
function isForUsers(name: string, template: PageTemplate): boolean {
  return areaOf(name, template) !== 'sign-in' || template.source.includes('it.user.');
}
