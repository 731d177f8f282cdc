import type { Refused } from '../../pages/page-view.js';
import { HEAD_SAMPLE, type HeadValues, USER_HEAD } from '../../users/user-tabs.js';

export interface UserKeysValues extends HeadValues {
  readonly isService: boolean;
  readonly keys: readonly {
    readonly id: string;
    readonly name: string;
    readonly prefix: string;
    readonly scopes: readonly string[];
    readonly createdAt: Date;
    readonly lastUsedAt: Date | null;
    readonly expiresAt: Date | null;
    readonly rotatedAt: Date | null;
  }[];
  readonly form: { readonly name: string; readonly scopes: string; readonly days: string };
  /** Of a key that was created just now: this page alone shows it. Null: none was. */
  readonly secret: string | null;
  readonly problem: Refused | null;
}

export const USER_KEYS_SAMPLE: UserKeysValues = {
  ...HEAD_SAMPLE,
  isService: true,
  keys: [
    {
      id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
      name: 'nightly export',
      prefix: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f',
      scopes: ['orders:read'],
      createdAt: new Date('2026-11-21T09:00:00Z'),
      lastUsedAt: new Date('2026-11-22T09:00:00Z'),
      expiresAt: new Date('2027-11-21T09:00:00Z'),
      rotatedAt: new Date('2026-11-23T09:00:00Z'),
    },
  ],
  form: { name: '', scopes: '', days: '' },
  secret: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f_secret',
  problem: {
    code: 'validation_failed',
    status: 400,
    fields: [{ field: 'scopes', rule: 'matches', limit: 0 }],
    retryAfterSeconds: null,
  },
};

const KEYS = `it.path('/admin/ui/users/' + it.head.id + '/keys'`;

export const USER_KEYS = `${USER_HEAD}
<% if (it.secret !== null) { %><div class="card"><h2><%= it.t('admin-user-keys.new-key') %></h2><p><%= it.t('admin-user-keys.once') %></p><p class="code secret" id="new-key"><%= it.secret %></p>
<p class="row"><button type="button" class="second" data-copy="new-key" data-copied="<%= it.t('api-key.copied') %>" data-failed="<%= it.t('api-key.not-copied') %>" hidden><%= it.t('api-key.copy') %></button> <span class="hint" role="status"></span></p></div>
<% } %><% if (it.keys.length === 0) { %><p><%= it.t('admin-user-keys.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-user-keys.key') %></th><th scope="col"><%= it.t('admin-user-keys.scopes') %></th><th scope="col"><%= it.t('admin-user-keys.used') %></th><th scope="col"><%= it.t('admin-user-keys.expires') %></th><td></td></tr></thead>
<tbody><% for (const key of it.keys) { %><tr>
<th scope="row"><%= key.name %><% if (key.rotatedAt !== null) { %> <span class="badge"><%= it.t('admin-user-keys.rotated') %></span><% } %><span class="hint code block"><%= key.prefix %></span></th>
<td data-label="<%= it.t('admin-user-keys.scopes') %>"><%= key.scopes.join(', ') || '–' %></td>
<td data-label="<%= it.t('admin-user-keys.used') %>"><% if (key.lastUsedAt === null) { %><%= it.t('admin-user-keys.never') %><% } else { %><%~ it.date(key.lastUsedAt) %><% } %></td>
<td data-label="<%= it.t('admin-user-keys.expires') %>"><% if (key.expiresAt === null) { %><%= it.t('admin-user-keys.never') %><% } else { %><%~ it.date(key.expiresAt) %><% } %></td>
<td><div class="row"><% if (it.isService && key.rotatedAt === null) { %><form method="post" action="<%= ${KEYS} + '/' + key.id + '/rotate') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="second"><%= it.t('admin-user-keys.rotate') %></button></form>
<% } %><form method="post" action="<%= ${KEYS} + '/' + key.id + '/revoke') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="second"><%= it.t('admin-user-keys.revoke') %></button></form></div></td></tr>
<% } %></tbody></table>
<% } %><% if (it.isService) { %><h2><%= it.t('admin-user-keys.create-title') %></h2>
<% if (it.problem) { %><%~ it.refusal(it.problem) %><% } %>
<form method="post" action="<%= ${KEYS}) %>" class="narrow"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="name"><%= it.t('admin-user-keys.name') %></label><input id="name" name="name" required maxlength="100" autocomplete="off" value="<%= it.form.name %>"></div>
<div class="field"><label for="scopes"><%= it.t('admin-user-keys.scopes') %></label><input id="scopes" name="scopes" autocomplete="off" spellcheck="false" value="<%= it.form.scopes %>" aria-describedby="scopes-hint"><span class="hint" id="scopes-hint"><%= it.t('admin-user-keys.scopes-hint') %></span></div>
<div class="field"><label for="days"><%= it.t('admin-user-keys.days') %></label><input id="days" name="days" inputmode="numeric" pattern="[0-9]{1,4}" maxlength="4" autocomplete="off" value="<%= it.form.days %>" aria-describedby="days-hint"><span class="hint" id="days-hint"><%= it.t('admin-user-keys.days-hint') %></span></div>
<button><%= it.t('admin-user-keys.create') %></button></form>
<% } else { %><p class="hint"><%= it.t('admin-user-keys.of-person') %></p>
<% } %>`;
