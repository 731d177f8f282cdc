import { coreOptions } from '../config/core-options.js';
import type { Options } from '../config/options.js';
import { defineWords } from '../languages/define-words.js';
import type { UserRecord } from './user.store.js';

/** The tabs on an admin's page of a user. */
export type UserTab = 'profile' | 'sessions' | 'factors' | 'keys' | 'certificates' | 'apps' | 'identities' | 'log';

/** The head of every page of a user. */
export interface UserHead {
  readonly id: string;
  /** The name of the user, else the address. */
  readonly label: string;
  readonly tabs: readonly { readonly key: UserTab; readonly path: string; readonly isCurrent: boolean }[];
}

/** The values of every page of a user. */
export interface HeadValues {
  readonly head: UserHead;
  /** For the title. */
  readonly label: string;
}

/** @param current null: a page below the tabs */
export function headOf(user: UserRecord, current: UserTab | null, options: Options): HeadValues {
  const { authStrategies } = options.of(coreOptions);
  const isPerson = user.kind === 'person';
  const tabs: UserTab[] = ['profile', ...(isPerson ? (['sessions', 'factors'] as const) : [])];
  if (authStrategies.includes('api-key')) tabs.push('keys');
  if (!isPerson && authStrategies.includes('mtls')) tabs.push('certificates');
  if (isPerson && authStrategies.includes('oauth')) tabs.push('apps');
  if (isPerson) tabs.push('identities');
  tabs.push('log');
  const label = user.name || user.email || user.id;
  const places = tabs.map((key) => ({ key, path: userPath(user.id, key), isCurrent: key === current }));
  return { head: { id: user.id, label, tabs: places }, label };
}

/** Address of a tab. */
export function userPath(id: string, tab: UserTab = 'profile'): string {
  return `/admin/ui/users/${id}${tab === 'profile' ? '' : `/${tab}`}`;
}

const HEAD: UserHead = {
  id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  label: 'Ada Lovelace',
  tabs: [
    { key: 'profile', path: '/admin/ui/users/01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f', isCurrent: true },
    { key: 'log', path: '/admin/ui/users/01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f/log', isCurrent: false },
  ],
};

export const HEAD_SAMPLE: HeadValues = { head: HEAD, label: HEAD.label };

/** Heading and tabs, for the beginning of a template with the value `head`. */
export const USER_HEAD = `
<h1><%= it.head.label %></h1>
<nav aria-label="<%= it.t('user-tabs.label') %>"><ul class="tabs">
<% for (const tab of it.head.tabs) { %><li><a href="<%= it.path(tab.path) %>"<% if (tab.isCurrent) { %> aria-current="page"<% } %>><%= it.t('user-tabs.' + tab.key) %></a></li>
<% } %></ul></nav>
`;

export const userTabsWords = defineWords({
  en: {
    'user-tabs.label': 'About this user',
    'user-tabs.profile': 'Profile',
    'user-tabs.sessions': 'Sessions',
    'user-tabs.factors': 'Factors',
    'user-tabs.keys': 'API keys',
    'user-tabs.certificates': 'Certificates',
    'user-tabs.apps': 'Applications',
    'user-tabs.identities': 'Linked logins',
    'user-tabs.log': 'Log',
  },
  de: {
    'user-tabs.label': 'Zu diesem Benutzer',
    'user-tabs.profile': 'Profil',
    'user-tabs.sessions': 'Sitzungen',
    'user-tabs.factors': 'Faktoren',
    'user-tabs.keys': 'API-Schlüssel',
    'user-tabs.certificates': 'Zertifikate',
    'user-tabs.apps': 'Anwendungen',
    'user-tabs.identities': 'Verknüpfte Anmeldungen',
    'user-tabs.log': 'Protokoll',
  },
});
