import type { Refused } from '../pages/page-view.js';

export interface SigningKeysValues {
  /** Whether access tokens are in use. */
  readonly isOn: boolean;
  /** Those whose tokens are accepted. */
  readonly keys: readonly { readonly kid: string; readonly algorithm: string; readonly signs: boolean }[];
  /** Why they were not replaced: `conflict` where the application brings them. */
  readonly problem: Refused | null;
}

export const SIGNING_KEYS_SAMPLE: SigningKeysValues = {
  isOn: true,
  keys: [
    { kid: 'k2', algorithm: 'ES256', signs: true },
    { kid: 'k1', algorithm: 'ES256', signs: false },
  ],
  problem: { code: 'conflict', status: 409, fields: [], retryAfterSeconds: null },
};

export const SIGNING_KEYS = `
<h1><%= it.title %></h1>
<h2><%= it.t('admin-keys.signing') %></h2>
<% if (!it.isOn) { %><p><%= it.t('admin-keys.off') %></p>
<% } else { %><p><%= it.t('admin-keys.what') %></p>
<%~ it.refusal(it.problem) %>
<table class="table"><thead><tr><th scope="col"><%= it.t('admin-keys.kid') %></th><th scope="col"><%= it.t('admin-keys.algorithm') %></th><th scope="col"><%= it.t('admin-keys.use') %></th></tr></thead>
<tbody><% for (const key of it.keys) { %><tr><th scope="row"><span class="code"><%= key.kid %></span></th>
<td data-label="<%= it.t('admin-keys.algorithm') %>"><%= key.algorithm %></td>
<td data-label="<%= it.t('admin-keys.use') %>"><%= it.t(key.signs ? 'admin-keys.signs' : 'admin-keys.accepted') %></td></tr>
<% } %></tbody></table>
<div class="row"><form method="post" action="<%= it.path('/admin/ui/keys/rotate') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button><%= it.t('admin-keys.rotate') %></button></form>
<a class="button second" href="<%= it.path('/admin/ui/keys/withdraw') %>"><%= it.t('admin-keys.withdraw') %></a></div>
<% } %><h2><%= it.t('admin-keys.machines') %></h2>
<p><%= it.t('admin-keys.machines-what') %></p>
<p class="row"><a class="button second" href="<%= it.path('/admin/ui/users?kind=service') %>"><%= it.t('admin-keys.services') %></a></p>
`;

export interface WithdrawKeysValues {
  /** How many keys are accepted now. */
  readonly count: number;
}

export const WITHDRAW_KEYS = `
<h1><%= it.title %></h1>
<p><%= it.t('admin-keys-withdraw.what') %></p>
<p><strong><%= it.t('admin-keys-withdraw.ends', { count: it.count }) %></strong></p>
<form method="post" action="<%= it.path('/admin/ui/keys/withdraw') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<p class="row"><button class="danger"><%= it.t('admin-keys-withdraw.button') %></button><a class="button second" href="<%= it.path('/admin/ui/keys') %>"><%= it.t('admin-keys-withdraw.cancel') %></a></p></form>
`;
