import type { Refused } from '../../pages/page-view.js';

export interface InvitationsValues {
  readonly form: { readonly email: string; readonly name: string; readonly roles: string };
  readonly problem: Refused | null;
  readonly invitations: readonly {
    readonly id: string;
    readonly email: string;
    readonly name: string | null;
    readonly roles: readonly string[];
    readonly createdAt: Date;
    readonly expiresAt: Date;
  }[];
  readonly isFirst: boolean;
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

export const INVITATIONS_SAMPLE: InvitationsValues = {
  form: { email: 'ada@example.com', name: '', roles: '' },
  problem: { code: 'conflict', status: 409, fields: [], retryAfterSeconds: null },
  invitations: [
    {
      id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
      email: 'ada@example.com',
      name: 'Ada',
      roles: ['editor'],
      createdAt: new Date('2026-11-21T09:00:00Z'),
      expiresAt: new Date('2026-11-28T09:00:00Z'),
    },
  ],
  isFirst: false,
  next: 'x',
};

export const INVITATIONS = `
<h1><%= it.title %></h1>
<p><%= it.t('admin-invitations.what') %></p>
<% if (it.problem) { %><%~ it.refusal(it.problem) %><% } %>
<form method="post" action="<%= it.path('/admin/ui/invitations') %>" class="narrow"><input type="hidden" name="_csrf" value="<%= it.csrf %>">
<div class="field"><label for="email"><%= it.t('admin-user.email') %></label><input id="email" name="email" type="email" required maxlength="254" autocomplete="off" value="<%= it.form.email %>"<%~ it.invalid(it.problem, 'email') %>></div>
<div class="field"><label for="name"><%= it.t('admin-invitations.name') %></label><input id="name" name="name" maxlength="100" autocomplete="off" value="<%= it.form.name %>"<%~ it.invalid(it.problem, 'name') %>></div>
<div class="field"><label for="roles"><%= it.t('admin-user-roles.roles') %></label><input id="roles" name="roles" value="<%= it.form.roles %>" autocomplete="off" spellcheck="false" aria-describedby="roles-hint"><span class="hint" id="roles-hint"><%= it.t('admin-user-roles.hint') %></span></div>
<button><%= it.t('admin-invitations.invite') %></button></form>
<h2><%= it.t('admin-invitations.open') %></h2>
<% if (it.invitations.length === 0) { %><p><%= it.t('admin-invitations.none') %></p>
<% } else { %><table class="table"><thead><tr><th scope="col"><%= it.t('admin-user.email') %></th><th scope="col"><%= it.t('admin-users.roles') %></th><th scope="col"><%= it.t('admin-invitations.sent-at') %></th><th scope="col"><%= it.t('admin-invitations.expires') %></th><td></td></tr></thead>
<tbody><% for (const one of it.invitations) { %><tr>
<th scope="row"><%= one.email %><% if (one.name) { %> <span class="hint"><%= one.name %></span><% } %></th>
<td data-label="<%= it.t('admin-users.roles') %>"><%= one.roles.join(', ') || '–' %></td>
<td data-label="<%= it.t('admin-invitations.sent-at') %>"><%~ it.date(one.createdAt) %></td>
<td data-label="<%= it.t('admin-invitations.expires') %>"><%~ it.date(one.expiresAt) %></td>
<td><form method="post" action="<%= it.path('/admin/ui/invitations/' + one.id + '/withdraw') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="second"><%= it.t('admin-invitations.withdraw') %></button></form></td></tr>
<% } %></tbody></table>
<% } %><% if (!it.isFirst || it.next !== null) { %><nav class="pager" aria-label="<%= it.t('admin-users.pages') %>">
<% if (!it.isFirst) { %><a class="button second" href="<%= it.path('/admin/ui/invitations') %>" data-swap><%= it.t('admin-users.first') %></a><% } %>
<% if (it.next !== null) { %><a class="button second" href="<%= it.path('/admin/ui/invitations?cursor=' + it.next) %>" data-swap><%= it.t('admin-users.next') %></a><% } %>
</nav><% } %>
`;
