import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../users/user-tabs.js';

/** An application with access to an account. */
export interface ShownApp {
  readonly clientId: string;
  readonly name: string;
  readonly host: string | null;
  /** Where else it has browsers return to: hosts, and schemes of programs. */
  readonly returnsTo: readonly string[];
  /** When it registered itself, under a name of its own choice; null: it did not. */
  readonly registeredAt: Date | null;
  /** Its scopes, with their words. */
  readonly scopes: readonly { readonly name: string; readonly word: string | null; readonly text: string | null }[];
  readonly since: Date;
  /** Null: never, or nothing is in force. */
  readonly lastUsedAt: Date | null;
  /** Whether it goes on when the user signs out. */
  readonly isOffline: boolean;
  /** Whether it has access at this moment; else only the consent is remembered. */
  readonly isActive: boolean;
}

export interface AppsValues {
  readonly apps: readonly ShownApp[];
  readonly isFirst: boolean;
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

const APP: ShownApp = {
  clientId: 'ledger',
  name: 'Ledger',
  host: 'ledger.example.com',
  returnsTo: ['127.0.0.1'],
  registeredAt: new Date(0),
  scopes: [
    { name: 'openid', word: 'oauth-scope.openid', text: null },
    { name: 'orders:read', word: null, text: 'Read your orders' },
  ],
  since: new Date(0),
  lastUsedAt: new Date(0),
  isOffline: true,
  isActive: true,
};

export const APPS_SAMPLE: AppsValues = { apps: [APP], isFirst: false, next: 'x' };

/** @param list the page, as an expression of the template */
const TABLE = (list: string) => `<ul class="list settings card">
<% for (const app of it.apps) { %><li class="row spread"><div><strong><bdi><%= app.name %></bdi></strong><% if (app.host) { %> <span class="hint">(<bdi><%= app.host %></bdi>)</span><% } %><% if (!app.isActive) { %> <span class="badge"><%= it.t('account-apps.remembered') %></span><% } else if (app.isOffline) { %> <span class="badge"><%= it.t('account-apps.offline') %></span><% } %>
<ul><% for (const scope of app.scopes) { %><li><%= scope.word === null ? scope.text : it.t(scope.word) %></li><% } %></ul>
<% if (app.returnsTo.length > 0) { %><span class="hint block"><%= it.t('account-apps.returns') %> <bdi><%= app.returnsTo.join(', ') %></bdi></span>
<% } %><% if (app.registeredAt !== null) { %><span class="hint block"><%= it.t('account-apps.registered') %> <%~ it.date(app.registeredAt) %></span>
<% } %><span class="hint"><%= it.t('account-apps.since') %> <%~ it.date(app.since) %><% if (app.lastUsedAt !== null) { %> · <%= it.t('account-apps.used') %> <%~ it.date(app.lastUsedAt) %><% } %></span></div>
<form method="post" action="<%= it.path(${list} + '/revoke') %>" class="row"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><input type="hidden" name="clientId" value="<%= app.clientId %>"><button class="second" name="revoke" value="yes" aria-label="<%= it.t('account-apps.revoke-of', { name: app.name }) %>"><%= it.t('account-apps.revoke') %></button></form></li>
<% } %></ul>
<% if (!it.isFirst || it.next !== null) { %><nav class="pager" aria-label="<%= it.t('account-apps.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= it.path(${list}) %>"><%= it.t('account-apps.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= it.path(${list} + '?cursor=' + it.next) %>"><%= it.t('account-apps.next') %></a><% } %>
</nav>
<% } %>`;

export const APPS = `<h1><%= it.title %></h1>
<p><%= it.t('account-apps.about') %></p>
<% if (it.apps.length === 0) { %><p class="note"><%= it.t('account-apps.none') %></p>
<% } else { %>${TABLE(`'/account/apps'`)}<% } %>`;

export interface UserAppsValues extends HeadValues, AppsValues {}

export const USER_APPS_SAMPLE: UserAppsValues = { ...HEAD_SAMPLE, ...APPS_SAMPLE };

export const USER_APPS = `${USER_HEAD}
<% if (it.apps.length === 0) { %><p><%= it.t('admin-user-apps.none') %></p>
<% } else { %>${TABLE(`'/admin/ui/users/' + it.head.id + '/apps'`)}<% } %>`;
